import { type Destino, lerDestino } from './destino.ts';
import { ehLoopback, ehPublico } from './enderecos-publicos.ts';
import { type Pedido, postar, type Resposta } from './requisicao.ts';
import type { Resolvedor } from './resolvedor.ts';

/** What may be reached, and how it is found. */
export interface Alcance {
  readonly resolvedor: Resolvedor;
  /** Whether this machine may be named: for development. */
  readonly permiteLocal: boolean;
  /** Certificates that are believed beside those of the system; for specs. */
  readonly ca?: string;
}

type Carta = Pick<Pedido, 'cabecalhos' | 'corpo' | 'prazo'> & { readonly url: string };

/**
 * One POST to an address that somebody else has named, and to nothing inside: the URL is read, and what its name stands for is
 * looked up and judged, anew each time.
 *
 * @throws Error when it may not be reached, or cannot be before the time is over
 */
export function postarFora(alcance: Alcance, carta: Carta): Promise<Resposta> {
  return antesDo(carta.prazo, postarAgora(alcance, carta));
}

async function postarAgora(alcance: Alcance, { url: texto, ...carta }: Carta): Promise<Resposta> {
  const { ca } = alcance;
  const { url, enderecos } = await encontrar(alcance, texto);
  carta.prazo.throwIfAborted();
  return postar({ ...carta, url, enderecos, ...(ca !== undefined && { ca }) });
}

/** @throws Error unless every address that the name stands for may be connected to. */
async function encontrar(
  { resolvedor, permiteLocal }: Alcance,
  texto: string,
): Promise<{ url: URL; enderecos: readonly string[] }> {
  const destino = lerDestino(texto, permiteLocal);
  if (destino.isFailure) throw destino.error;
  const enderecos = await enderecosDe(destino.value, resolvedor);
  const serve = destino.value.local ? ehLoopback : ehPublico;
  // Which one is not said: who may name addresses learns nothing of those inside.
  if (!enderecos.every((endereco) => serve(endereco))) throw new Error('not a public address');
  return { url: destino.value.url, enderecos };
}

async function enderecosDe({ host, local }: Destino, resolvedor: Resolvedor): Promise<readonly string[]> {
  if (local) return [host === 'localhost' ? '127.0.0.1' : host];
  return /^[\d.]+$|:/.test(host) ? [host] : resolvedor.enderecos(host);
}

/** Rejects when the time is over, whatever becomes of the work: nothing that the other side does may keep it going. */
function antesDo<T>(prazo: AbortSignal, trabalho: Promise<T>): Promise<T> {
  const fim = new Promise<never>((_, reject) => {
    prazo.addEventListener('abort', () => reject(prazo.reason), { once: true });
  });
  return Promise.race([trabalho, fim]);
}
