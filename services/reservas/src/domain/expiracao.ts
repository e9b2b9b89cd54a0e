const PRIMEIRA_ESPERA_MS = 30_000;
const ESPERA_MAXIMA_MS = 3_600_000;

/** When pagamentos is asked again after `anuncios` questions without an answer: 30 s, doubling, at most one hour. */
export function proximoAnuncio(anuncios: number, agora: Date): Date {
  const esperaMs = Math.min(PRIMEIRA_ESPERA_MS * 2 ** (anuncios - 1), ESPERA_MAXIMA_MS);
  return new Date(agora.getTime() + esperaMs);
}
