import { Result } from '@plataforma/domain/result';
import type { Entrega, Recibo } from '../application/carteiro.ts';
import { FalhaDeEnvioError, type SobreODestino, type TipoFalha } from '../domain/falha-de-envio.ts';

/** What an API of a provider is asked. */
export interface Pedido {
  readonly url: string;
  /** The whole header; left out where the body says who asks. */
  readonly autorizacao?: string;
  /** Sent as a form when it is one, as it is when it is a text, which is JSON already, and as JSON otherwise. */
  readonly corpo: unknown;
  readonly cabecalhos?: Readonly<Record<string, string>>;
}

/** What it answered. */
export interface Resposta {
  readonly status: number;
  readonly cabecalhos: Headers;
  /** Undefined when it is no JSON, or more of it than an answer of this API may be. */
  readonly json: unknown;
}

/** How one API differs from the others. */
export interface Dialeto {
  /** Name in the errors. */
  readonly nome: string;
  /** Name in the configuration. */
  readonly provedor: string;
  /** The message is theirs from now on. */
  aceita(resposta: Resposta): boolean;
  /** What they call a message that they have taken. */
  idDoProvedor(resposta: Resposta): string | undefined;
  /** A refusal in the clothes of a message's fault that is about our key or our address. */
  recusaANos(resposta: Resposta): boolean;
  /** What a refusal means where its status does not say so; undefined where it does. */
  tipoDe?(resposta: Resposta): TipoFalha | undefined;
  /** Where no whole answer came to a message that was sent. Default: they are away, and it is tried again until they are not. */
  readonly semResposta?: 'INCERTA';
  /** What a refusal says of where the message went. */
  sobreODestino?(resposta: Resposta): SobreODestino | undefined;
  /** The provider's own code of a refusal, for the text of the error: digits or a name, nothing that a person is in. */
  codigoDe?(resposta: Resposta): string | undefined;
}

/** From the first byte asked to the last one answered. Well below the lease of a message. */
const TOTAL_TIMEOUT_MS = 45_000;
/** An answer is a number, an identity, or some lines about what is wrong. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Longer than any provider's name for a message. */
const MAX_ID = 200;

/** Nothing of the message has left the house. */
const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
]);

const CREDENTIALS = new Set([401, 403]);
/** Everything else that is no success would be answered to any message: a wrong address of the API, limits, outages. */
const ABOUT_THE_MESSAGE = new Set([400, 413, 422]);

/**
 * Hands one message to a provider over HTTP. The text of a failure is made of codes only: providers repeat addresses in
 * theirs, and the text goes to the history. Where no whole answer came, the message may have been taken.
 */
export async function entregar(
  dialeto: Dialeto,
  pedido: Pedido,
  timeoutMs = TOTAL_TIMEOUT_MS,
): Promise<Entrega> {
  try {
    const resposta = await perguntar(pedido, AbortSignal.timeout(timeoutMs));
    if (dialeto.aceita(resposta)) return Result.ok(recibo(dialeto, resposta));
    return Result.fail(recusa(dialeto, resposta));
  } catch (error) {
    const code = codeOf(error);
    const tipo = NEVER_SENT.has(code) ? undefined : dialeto.semResposta;
    const falha = new FalhaDeEnvioError(tipo ?? 'INDISPONIVEL', `${dialeto.nome} ${code}`);
    falha.cause = error;
    return Result.fail(falha);
  }
}

function recibo({ provedor, ...dialeto }: Dialeto, resposta: Resposta): Recibo {
  const id = dialeto.idDoProvedor(resposta);
  return id === undefined || id.length > MAX_ID ? { provedor } : { provedor, idDoProvedor: id };
}

/** @throws when there is no whole answer in time */
export async function perguntar(
  { url, autorizacao, corpo, cabecalhos }: Pedido,
  signal: AbortSignal,
): Promise<Resposta> {
  const form = corpo instanceof URLSearchParams;
  const escrito = form || typeof corpo === 'string';
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      ...(autorizacao !== undefined && { authorization: autorizacao }),
      // A form names its own type.
      ...(!form && { 'content-type': 'application/json' }),
      ...cabecalhos,
    },
    body: escrito ? corpo : JSON.stringify(corpo),
    // A key and a letter are for that address and no other.
    redirect: 'manual',
    signal,
  });
  return { status: response.status, cabecalhos: response.headers, json: parsed(await bodyOf(response)) };
}

/** Undefined when it is too long; then the rest is not read. */
async function bodyOf({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recusa(dialeto: Dialeto, resposta: Resposta): FalhaDeEnvioError {
  const codigo = dialeto.codigoDe?.(resposta);
  return new FalhaDeEnvioError(
    dialeto.tipoDe?.(resposta) ?? tipoDe(dialeto, resposta),
    [dialeto.nome, 'HTTP', resposta.status, ...(codigo ? [codigo] : [])].join(' '),
    esperaPedida(resposta.cabecalhos, Date.now()),
    dialeto.sobreODestino?.(resposta),
  );
}

function tipoDe(dialeto: Dialeto, resposta: Resposta): TipoFalha {
  if (CREDENTIALS.has(resposta.status)) return 'CREDENCIAIS';
  if (!ABOUT_THE_MESSAGE.has(resposta.status)) return 'INDISPONIVEL';
  return dialeto.recusaANos(resposta) ? 'CREDENCIAIS' : 'PERMANENTE';
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), else the `X-RateLimit-Reset` of SendGrid, a moment in seconds. */
export function esperaPedida(cabecalhos: Pick<Headers, 'get'>, agora: number): number {
  const depois = cabecalhos.get('retry-after')?.trim();
  if (depois) return /^\d+$/.test(depois) ? Number(depois) * 1_000 : until(Date.parse(depois), agora);
  const reset = cabecalhos.get('x-ratelimit-reset')?.trim();
  return reset && /^\d{1,11}$/.test(reset) ? until(Number(reset) * 1_000, agora) : 0;
}

const until = (moment: number, agora: number): number =>
  Number.isNaN(moment) ? 0 : Math.max(moment - agora, 0);

/** undici says what happened in the cause of "fetch failed". Codes and names only. */
function codeOf(error: unknown): string {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: { code?: unknown } };
  const code = cause?.code ?? name;
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'no answer';
}
