import type { DesativadoPor } from './webhook.ts';

/** Why a receiver is sent nothing any more, of the reasons that are its own. */
export type Falha = Extract<DesativadoPor, 'FALHAS' | 'GONE'>;

/** What became of a request. */
export type Resultado =
  | { readonly tipo: 'RESPONDIDA'; readonly status: number; readonly esperarMs: number | undefined }
  | { readonly tipo: 'INACESSIVEL' };

export interface Historia {
  /** Attempts of this delivery before. */
  readonly tentativas: number;
  /** When it was to be sent first. */
  readonly desde: Date;
  /** Failures of the address in a row before this one, and since when. */
  readonly falhas: number;
  readonly falhandoDesde: Date | undefined;
}

export interface Consequencia {
  /** Undefined: it is given up. */
  readonly repetirEm: Date | undefined;
  /** Until then nothing is sent to the address: it is not well, and this is not about one event. */
  readonly pausarAte: Date | undefined;
  readonly desativar: Falha | undefined;
}

const DIA_MS = 24 * 3_600_000;
const VALIDADE_MS = 3 * DIA_MS;
const FALHANDO_MS = 5 * DIA_MS;
const PRIMEIRA_MS = 5_000;
const MAIOR_MS = 6 * 3_600_000;
const PRIMEIRA_PAUSA_MS = 1_000;
const MAIOR_PAUSA_MS = 15 * 60_000;
/** A receiver may ask for patience, and not silence itself for ever. */
const MAIOR_PEDIDA_MS = 3_600_000;

export const aceita = (resultado: Resultado): boolean =>
  resultado.tipo === 'RESPONDIDA' && resultado.status >= 200 && resultado.status < 300;

/**
 * After a failure: 5 s, 20 s, 80 s and so on up to 6 h for the delivery, for three days. An address that does not answer, or
 * says that it cannot, is left alone as a whole; after five days in which it took nothing, or at `410 Gone`, for good.
 *
 * @param sorte between 0 and 1: spreads what failed together
 */
export function depoisDaFalha(
  resultado: Resultado,
  historia: Historia,
  agora: Date,
  sorte: number,
): Consequencia {
  const pedida = resultado.tipo === 'RESPONDIDA' ? resultado.esperarMs : undefined;
  const pausaMs = doente(resultado)
    ? Math.max(espera(PRIMEIRA_PAUSA_MS, MAIOR_PAUSA_MS, historia.falhas, sorte), limitada(pedida))
    : 0;
  const repetirEm = depois(
    agora,
    Math.max(espera(PRIMEIRA_MS, MAIOR_MS, historia.tentativas, sorte), limitada(pedida)),
  );
  return {
    repetirEm: repetirEm.getTime() - historia.desde.getTime() >= VALIDADE_MS ? undefined : repetirEm,
    pausarAte: pausaMs === 0 ? undefined : depois(agora, pausaMs),
    desativar: desativacao(resultado, historia.falhandoDesde, agora),
  };
}

/** Not about this request: the next one would fare the same. */
function doente(resultado: Resultado): boolean {
  if (resultado.tipo === 'INACESSIVEL') return true;
  return resultado.status >= 500 || resultado.status === 429 || resultado.status === 408;
}

function desativacao(resultado: Resultado, desde: Date | undefined, agora: Date): Falha | undefined {
  if (resultado.tipo === 'RESPONDIDA' && resultado.status === 410) return 'GONE';
  return desde && agora.getTime() - desde.getTime() >= FALHANDO_MS ? 'FALHAS' : undefined;
}

const limitada = (ms: number | undefined) => Math.min(ms ?? 0, MAIOR_PEDIDA_MS);

/** Up to a fifth longer or shorter. */
function espera(primeira: number, maior: number, vezes: number, sorte: number): number {
  return Math.min(primeira * 4 ** Math.min(vezes, 20), maior) * (0.8 + 0.4 * sorte);
}

const depois = (agora: Date, ms: number) => new Date(agora.getTime() + ms);
