import { base64Decode } from '@bufbuild/protobuf/wire';

/** Whole cents. */
interface Valor {
  readonly centavos: number;
  readonly moeda: string;
}

interface DaReserva {
  readonly reservaId: string;
  readonly espacoId: string;
  readonly serieId?: string;
}

/** Instants are RFC 3339 in UTC. */
interface DoPeriodo extends DaReserva {
  readonly dataInicio: string;
  readonly dataFim: string;
}

interface DoPagamento {
  readonly pagamentoId: string;
  readonly reservaId: string;
}

interface DoEstorno extends DoPagamento {
  readonly numero: number;
  readonly valor: Valor;
  readonly excedente: boolean;
}

/** What each type of event brings. */
interface Dados {
  readonly 'reserva.criada': DoPeriodo & { readonly expiraEm?: string; readonly valor: Valor };
  readonly 'reserva.confirmada': DoPeriodo & { readonly valor: Valor; readonly pagamentoId?: string };
  readonly 'reserva.cancelada': DoPeriodo & {
    readonly reembolso?: Valor;
    readonly pagamentoId?: string;
    readonly desistencia: boolean;
  };
  readonly 'reserva.expirada': DaReserva;
  readonly 'reserva.concluida': DaReserva;
  readonly 'pagamento.aprovado': DoPagamento & { readonly valor: Valor };
  readonly 'pagamento.recusado': DoPagamento & { readonly definitiva: boolean };
  readonly 'estorno.concluido': DoEstorno & { readonly emCreditos: boolean };
  readonly 'estorno.falhou': DoEstorno & { readonly devolvido: boolean };
  readonly 'webhook.teste': { readonly webhookId: string };
}

type Evento<T extends keyof Dados> = {
  /** The same whenever the event comes again: what has been seen needs no second look. */
  readonly id: string;
  readonly type: T;
  /** When it happened, RFC 3339. */
  readonly timestamp: string;
  /** `versao` tells which of two events of one reservation, or one payment, is newer. */
  readonly data: Dados[T] & { readonly versao: number };
};

/** An event as a webhook brings it. A platform that is newer may send others: let `default` pass them by. */
export type EventoDeWebhook = { [T in keyof Dados]: Evento<T> }[keyof Dados];

/** A request that nobody should believe: forged, changed on its way, or sent again by somebody who has recorded it. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

/** A request as it came, its body before anything has parsed it. */
export interface WebhookRequest {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** Seconds that clocks may be apart, and the way may take. */
const TOLERANCE_SECONDS = 300;
/** There are two while a key is replaced; who sends more wants work done. */
const MOST_SIGNATURES = 8;

/**
 * The event that a request brings, once its signature has shown whose it is (Standard Webhooks: `v1` by a `whsec_` key, `v1a` by a
 * `whpk_` one).
 *
 * @param keys of the webhook, more than one while it is replaced
 * @throws WebhookVerificationError
 * @throws TypeError when a key is none.
 */
export async function verifyWebhook(
  { headers, body }: WebhookRequest,
  keys: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() } = {},
): Promise<EventoDeWebhook> {
  const verifiers = await Promise.all([keys].flat().map(verifierOf));
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headerOf(headers, `webhook-${name}`),
  );
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp))
    throw new WebhookVerificationError('The headers of a webhook are missing.');
  const apart = Math.abs(now / 1_000 - Number(timestamp));
  // Written so that no number that is none lets anything in.
  if (!(apart <= toleranceSeconds))
    throw new WebhookVerificationError('It was signed too long ago, or by a clock that is ahead.');
  const content = joined(`${id}.${timestamp}.`, body);
  for (const signature of signatures.split(' ', MOST_SIGNATURES))
    for (const isBy of verifiers)
      if (await isBy(signature, content))
        return { id, ...(JSON.parse(textOf(body)) as object) } as EventoDeWebhook;
  throw new WebhookVerificationError('No signature is by a key of this webhook.');
}

type Verifier = (signature: string, content: Uint8Array<ArrayBuffer>) => Promise<boolean>;

/** WebCrypto compares in constant time. */
async function verifierOf(key: string): Promise<Verifier> {
  const symmetric = key.startsWith('whsec_');
  if (!symmetric && !key.startsWith('whpk_'))
    throw new TypeError('A key of a webhook begins with whsec_ or whpk_.');
  const bytes = bytesOf(key.slice(key.indexOf('_') + 1));
  if (bytes === undefined || bytes.length === 0) throw new TypeError('The key of a webhook is no Base64.');
  const algorithm = symmetric ? { name: 'HMAC', hash: 'SHA-256' } : { name: 'Ed25519' };
  const imported = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
  const version = symmetric ? 'v1,' : 'v1a,';
  return async (signature, content) => {
    const signed = signature.startsWith(version) ? bytesOf(signature.slice(version.length)) : undefined;
    return signed !== undefined && crypto.subtle.verify(algorithm.name, imported, signed, content);
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(base64Decode(base64));
  } catch {
    return undefined;
  }
}

function joined(start: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const before = new TextEncoder().encode(start);
  const rest = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const content = new Uint8Array(before.length + rest.length);
  content.set(before);
  content.set(rest, before.length);
  return content;
}

const textOf = (body: string | Uint8Array) =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

/** Names of headers are in lower case where a server of Node tells them. */
function headerOf(headers: WebhookRequest['headers'], name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === 'string' ? value : undefined;
}
