import { createHash } from 'node:crypto';
import type { PedidoDoProvedor } from '../../application/ports.ts';

/** What is signed with a time is believed for so long, to either side. */
const TOLERANCIA_MS = 5 * 60_000;

/** The identity that travels with a message; nothing else is looked for in the database. */
const NOSSA = /^not_[0-9A-Za-z]{1,40}$/;

/** The name of an event: what is longer is none of a provider. */
const MAX_EVENTO = 200;

/** One value of a header; undefined when it was sent twice. */
export function cabecalho({ headers }: Pick<PedidoDoProvedor, 'headers'>, nome: string): string | undefined {
  const valor = headers[nome];
  return typeof valor === 'string' ? valor : undefined;
}

/** Whether the body is said to be of this media type. */
export function ehDoTipo(pedido: Pick<PedidoDoProvedor, 'headers'>, tipo: string): boolean {
  return cabecalho(pedido, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() === tipo;
}

/** Seconds since 1970, within what is believed; else undefined. */
export function horarioAceito(texto: string | undefined, agora: Date): string | undefined {
  if (texto === undefined || !/^\d{1,12}$/.test(texto)) return undefined;
  return Math.abs(Number(texto) * 1_000 - agora.getTime()) <= TOLERANCIA_MS ? texto : undefined;
}

/** When something happened: as it is told, but not in the future. */
export function instante(ms: number, agora: Date): Date {
  return Number.isFinite(ms) && ms > 0 && ms < agora.getTime() ? new Date(ms) : agora;
}

export const ehNossa = (id: unknown): id is string => typeof id === 'string' && NOSSA.test(id);

export const ehEvento = (id: unknown): id is string =>
  typeof id === 'string' && id.length > 0 && id.length <= MAX_EVENTO && !id.includes('\0');

/** An address that is compared and not kept. */
export function digestoDe(endereco: unknown): Buffer | undefined {
  return typeof endereco === 'string' && endereco !== ''
    ? createHash('sha256').update(endereco.toLowerCase()).digest()
    : undefined;
}

/** Codes of a provider: texts are left out, for they repeat addresses. */
export function codigos(...partes: readonly unknown[]): string {
  return [...new Set(partes)]
    .filter((parte) => typeof parte === 'string' && /^[\w.-]{1,40}$/.test(parte))
    .join(' ')
    .slice(0, 100);
}

/** Undefined when it is no JSON. */
export function jsonDe(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const objetoDe = (valor: unknown): Readonly<Record<string, unknown>> =>
  typeof valor === 'object' && valor !== null ? (valor as Record<string, unknown>) : {};
