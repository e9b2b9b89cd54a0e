import type { Anuncios } from './estado-reserva.ts';

const PRIMEIRA_ESPERA_MS = 30_000;
const ESPERA_MAXIMA_MS = 3_600_000;

/** pagamentos was told so many times by now: again after 30 s, then doubling, at most one hour. */
export function anuncios(quantos: number, agora: Date): Anuncios {
  const esperaMs = Math.min(PRIMEIRA_ESPERA_MS * 2 ** (quantos - 1), ESPERA_MAXIMA_MS);
  return { anuncios: quantos, proximoAnuncioEm: new Date(agora.getTime() + esperaMs) };
}
