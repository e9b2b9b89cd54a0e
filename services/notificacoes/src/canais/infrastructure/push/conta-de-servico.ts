import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Result } from '@plataforma/domain/result';
import { SignJWT } from 'jose';
import { FalhaDeEnvioError } from '../../domain/falha-de-envio.ts';
import { perguntar } from '../http-provedor.ts';

/** A service account of Google, as its file of credentials names the parts. */
export interface ContaDeServico {
  readonly project_id: string;
  readonly client_email: string;
  /** Of RSA. */
  readonly private_key: KeyObject;
  readonly private_key_id: string;
  readonly token_uri: string;
}

const PARTES = ['project_id', 'client_email', 'private_key', 'private_key_id', 'token_uri'] as const;
type Partes = Readonly<Record<(typeof PARTES)[number], string>>;
const ESCOPO = 'https://www.googleapis.com/auth/firebase.messaging';
const VALE_S = 3_600;
/** A token that ends sooner is replaced before it is used again. */
const ANTES_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;
const TIPO = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** What is wrong with the account or its key (RFC 6749, 5.2); the rest is an outage. */
const RECUSAS: ReadonlySet<number> = new Set([400, 401, 403]);

interface Emprestado {
  readonly token: string;
  readonly ate: number;
}

/** Reads the file that the console of Firebase gives, or its text. @throws Error that repeats nothing of it */
export function lerContaDeServico(textoOuCaminho: string): ContaDeServico {
  const texto = textoOuCaminho.startsWith('{') ? textoOuCaminho : readFileSync(textoOuCaminho, 'utf8');
  const partes = partesDe(texto);
  const falta = PARTES.find((parte) => typeof partes[parte] !== 'string' || partes[parte] === '');
  if (falta !== undefined) throw new Error(`has no ${falta}, so it is no service account`);
  const conta = partes as Partes;
  return { ...conta, private_key: chaveDe(conta.private_key) };
}

/** Errors of parsers show a piece of what they have read. */
function partesDe(texto: string): Partial<Record<keyof Partes, unknown>> {
  try {
    return JSON.parse(texto) ?? {};
  } catch {
    throw new Error('is no JSON');
  }
}

function chaveDe(pem: string): KeyObject {
  try {
    const chave = createPrivateKey(pem);
    if (chave.asymmetricKeyType === 'rsa') return chave;
  } catch {
    // As one of another kind.
  }
  throw new Error('has a private_key that is no RSA key in PEM');
}

/**
 * Access tokens of a service account (RFC 7523): asked for when one is needed, by one caller for all that wait, and kept until
 * shortly before they end.
 */
export class TokensDaConta {
  readonly #conta: ContaDeServico;
  readonly #agora: () => number;
  #atual: Emprestado | undefined;
  #pedido: Promise<Result<Emprestado, FalhaDeEnvioError>> | undefined;

  constructor(conta: ContaDeServico, agora: () => number = Date.now) {
    this.#conta = conta;
    this.#agora = agora;
  }

  async token(): Promise<Result<string, FalhaDeEnvioError>> {
    const atual = this.#atual;
    if (atual !== undefined && atual.ate - ANTES_MS > this.#agora()) return Result.ok(atual.token);
    this.#pedido ??= this.#pedir().finally(() => {
      this.#pedido = undefined;
    });
    const pedido = await this.#pedido;
    if (pedido.isFailure) return pedido;
    this.#atual = pedido.value;
    return Result.ok(pedido.value.token);
  }

  /** This one is not taken any more; one that has come since stays. */
  esquecer(token: string): void {
    if (this.#atual?.token === token) this.#atual = undefined;
  }

  async #pedir(): Promise<Result<Emprestado, FalhaDeEnvioError>> {
    const agora = this.#agora();
    const corpo = new URLSearchParams({ grant_type: TIPO, assertion: await this.#assercao(agora) });
    try {
      const pedido = { url: this.#conta.token_uri, corpo };
      const { status, json } = await perguntar(pedido, AbortSignal.timeout(TIMEOUT_MS));
      const { access_token: token, expires_in: vale } = (json ?? {}) as Record<string, unknown>;
      if (status === 200 && typeof token === 'string' && typeof vale === 'number')
        return Result.ok({ token, ate: agora + vale * 1_000 });
      return Result.fail(
        new FalhaDeEnvioError(
          RECUSAS.has(status) ? 'CREDENCIAIS' : 'INDISPONIVEL',
          `FCM token HTTP ${status}`,
        ),
      );
    } catch (cause) {
      const falha = new FalhaDeEnvioError('INDISPONIVEL', 'FCM token no answer');
      falha.cause = cause;
      return Result.fail(falha);
    }
  }

  async #assercao(agora: number): Promise<string> {
    const { client_email, private_key, private_key_id, token_uri } = this.#conta;
    const segundos = Math.floor(agora / 1_000);
    return new SignJWT({ scope: ESCOPO })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: private_key_id })
      .setIssuer(client_email)
      .setAudience(token_uri)
      .setIssuedAt(segundos)
      .setExpirationTime(segundos + VALE_S)
      .sign(private_key);
  }
}
