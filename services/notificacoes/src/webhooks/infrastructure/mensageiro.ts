import type { Clock } from '@plataforma/domain/clock';
import { type Alcance, postarFora } from '../../rede/infrastructure/fora.ts';
import { esperaPedida, type Resposta } from '../../rede/infrastructure/requisicao.ts';
import type { EntregaDevida, Mensageiro, Tentativa, WebhookTomado } from '../application/ports.ts';
import type { Resultado } from '../domain/politica-de-entrega.ts';
import type { ChavesDeAssinatura } from './chaves.ts';

interface Deps extends Alcance {
  readonly clock: Clock;
  readonly chaves: Pick<ChavesDeAssinatura, 'assinar'>;
  /** For the whole of it: name, connection, headers and body. Default 10 s. */
  readonly prazoMs?: number;
}

const PRAZO_MS = 10_000;

/** Sends signed requests to what receivers named, and to nothing inside: the address is looked up and judged anew each time. */
export class MensageiroHttp implements Mensageiro {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async enviar(webhook: WebhookTomado, entrega: EntregaDevida): Promise<Tentativa> {
    const em = this.#deps.clock.now();
    const inicio = performance.now();
    const visto = (resultado: Resultado, erro: string, resposta: string): Tentativa => {
      return { resultado, em, duracaoMs: Math.round(performance.now() - inicio), erro, resposta };
    };
    try {
      const resposta = await this.#pedir(webhook, entrega, em);
      return visto(respondida(resposta, em), '', resposta.trecho);
    } catch (error) {
      return visto({ tipo: 'INACESSIVEL' }, porque(error), '');
    }
  }

  async #pedir(webhook: WebhookTomado, { eventoId, corpo }: EntregaDevida, em: Date): Promise<Resposta> {
    const { chaves, prazoMs = PRAZO_MS } = this.#deps;
    const timestamp = Math.floor(em.getTime() / 1_000);
    const assinatura = chaves.assinar(webhook, { id: eventoId, timestamp, corpo });
    const cabecalhos = {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Plataforma-Reservas-Webhooks/1',
      'webhook-id': eventoId,
      'webhook-timestamp': `${timestamp}`,
      'webhook-signature': assinatura,
    };
    const prazo = AbortSignal.timeout(prazoMs);
    return postarFora(this.#deps, { url: webhook.url, cabecalhos, corpo, prazo });
  }
}

function respondida({ status, retryAfter }: Resposta, em: Date): Resultado {
  return { tipo: 'RESPONDIDA', status, esperarMs: esperaPedida(retryAfter, em) };
}

/** Whatever was thrown: errors of Node are not those of every realm. */
function porque(error: unknown): string {
  const { name, code, message, cause } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  const porBaixo = (cause as Partial<Error> | undefined)?.message;
  return [code, message ?? String(error), porBaixo].filter((texto) => texto !== undefined).join(': ');
}
