import type { Clock } from '@plataforma/domain/clock';
import type { Canario, RespostaAoCanario, SigningKey } from '../application/ports.ts';
import { JwtIssuer } from './jwt-issuer.ts';

const TIMEOUT_MS = 3_000;
/** At the same time, so each on a connection of its own: workers of an edge take up its configuration one after the other. */
const CALLS = 3;
/** Who the tokens of the canary speak for. Not auth, which may read what the services have of a person: nobody, in any rule. */
export const CANARIO = 'auth-canario';
/** Every service knows the caller by its token and refuses it. */
const KNOWN_AND_REFUSED = { status: 403, reason: 'ACESSO_NEGADO' };
/** Which of them an address leads to is the edge's to know. */
const SERVICES = ['auth', 'reservas', 'pagamentos', 'notificacoes'];

/**
 * Calls each address with a token of nobody's, which no rule of access lets in: an answer that says so comes from behind
 * every check of the token, and the token is worth nothing to anybody.
 */
export class HttpCanary implements Canario {
  readonly #urls: readonly string[];
  readonly #clock: Clock;
  readonly #issuer: string;

  /** @param options.urls what GET is for people who are signed in, through the edge, one address or more of each service */
  constructor(options: { urls: readonly string[]; clock: Clock; issuer: string }) {
    this.#urls = options.urls;
    this.#clock = options.clock;
    this.#issuer = options.issuer;
  }

  async experimentar(chave: SigningKey): Promise<readonly RespostaAoCanario[]> {
    const issuer = new JwtIssuer({
      keys: { active: async () => chave },
      ...{ clock: this.#clock, issuer: this.#issuer, audience: '' },
    });
    const { token } = await issuer.issue({ tipo: 'servico', sub: CANARIO, audiencia: SERVICES });
    return Promise.all(this.#urls.map((url) => this.#at(url, token)));
  }

  async #at(endereco: string, token: string): Promise<RespostaAoCanario> {
    const answers = await Promise.all(Array.from({ length: CALLS }, () => answerOf(endereco, token)));
    const known = `${KNOWN_AND_REFUSED.status} ${KNOWN_AND_REFUSED.reason}`;
    const other = answers.find((answer) => answer !== known);
    return { endereco, aceito: other === undefined, resposta: other ?? known };
  }
}

async function answerOf(url: string, token: string): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return `${response.status} ${reasonOf(await response.text())}`.trim();
  } catch (error) {
    return `no answer (${error instanceof Error ? error.name : 'unknown'})`;
  }
}

/** Of an answer of ours; what stands before the services may say anything. */
function reasonOf(body: string): string {
  const reason = /"reason":\s*"([A-Z_]{1,50})"/.exec(body)?.[1];
  return reason ?? '';
}
