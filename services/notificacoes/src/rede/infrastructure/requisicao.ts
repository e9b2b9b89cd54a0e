import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';

export interface Resposta {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Beginning of the body, as text that PostgreSQL can store. */
  readonly trecho: string;
}

export interface Pedido {
  readonly url: URL;
  /** The only addresses that may be connected to, whatever the name of the URL stands for by now. */
  readonly enderecos: readonly string[];
  readonly cabecalhos: Readonly<Record<string, string>>;
  readonly corpo: string | Buffer;
  readonly prazo: AbortSignal;
  /** Certificates that are believed beside those of the system; for specs. */
  readonly ca?: string;
}

const MAXIMO_TRECHO = 4_096;
const MAXIMO_CABECALHOS = 16_384;

/**
 * One POST over a connection of its own to one of the given addresses. Node's client takes no proxy, follows no redirect and
 * unpacks nothing; of the answer no more is read than is kept.
 */
export function postar({ url, enderecos, cabecalhos, corpo, prazo, ca }: Pedido): Promise<Resposta> {
  const bytes = typeof corpo === 'string' ? Buffer.from(corpo) : corpo;
  const options: RequestOptions & https.RequestOptions = {
    method: 'POST',
    agent: false,
    signal: prazo,
    lookup: preso(enderecos),
    maxHeaderSize: MAXIMO_CABECALHOS,
    headers: { ...cabecalhos, 'content-length': bytes.length, connection: 'close' },
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      lerTrecho(response).then((trecho) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], trecho });
      }, reject);
    });
    // Node tells of an answer that changes the protocol in this way alone, and hangs up when nobody listens.
    request.on('upgrade', ({ statusCode = 0, headers }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, retryAfter: headers['retry-after'], trecho: '' });
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

/** `Retry-After`: seconds or a date (RFC 9110, 10.2.3), in milliseconds from `em`. */
export function esperaPedida(texto: string | undefined, em: Date): number | undefined {
  if (texto === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(texto) ? Number(texto) * 1_000 : Date.parse(texto) - em.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

/** Answers what was checked, and asks nobody. */
function preso(enderecos: readonly string[]): LookupFunction {
  const todos = enderecos.map((address) => ({ address, family: isIP(address) }));
  return (_nome, { all }, callback) => {
    const [primeiro] = todos;
    if (all) callback(null, todos);
    else callback(null, primeiro?.address ?? '', primeiro?.family);
  };
}

async function lerTrecho(response: IncomingMessage): Promise<string> {
  const partes: Buffer[] = [];
  let lidos = 0;
  for await (const parte of response as AsyncIterable<Buffer>) {
    partes.push(parte);
    lidos += parte.length;
    if (lidos >= MAXIMO_TRECHO) break;
  }
  const inicio = Buffer.concat(partes).subarray(0, MAXIMO_TRECHO);
  return inicio.toString('utf8').replaceAll('\0', '\uFFFD');
}
