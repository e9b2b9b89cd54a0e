import type { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';

/** How often a message was tried so far. */
export interface Tentativas {
  /** Refusals of this message. */
  readonly recusas: number;
  /** Times the provider was away when its turn came. */
  readonly adiamentos: number;
  /** When it was to be sent first. */
  readonly devidaEm: Date;
}

/** What becomes of a message that was not accepted. */
export type Decisao =
  | { readonly tipo: 'DESISTIR' }
  /** The provider was away: nothing happened to the message. */
  | { readonly tipo: 'ADIAR'; readonly ate: Date }
  | { readonly tipo: 'REPETIR'; readonly ate: Date };

export const MAX_RECUSAS = 8;
/** A message that the provider may have taken twice is not risked a third time. */
const MAX_INCERTAS = 2;
/** RFC 5321, 4.5.4.1: give up after four to five days at least; after that the news is no news. */
export const VALIDADE_MS = 5 * 24 * 3_600_000;

const PRIMEIRA_REPETICAO_MS = 30_000;
const MAIOR_REPETICAO_MS = 3_600_000;
const PRIMEIRO_ADIAMENTO_MS = 1_000;
const MAIOR_ADIAMENTO_MS = 30_000;
/** The channel does not pause for these: each of them is looked at again. */
const MAIOR_ADIAMENTO_PARCIAL_MS = 300_000;

/**
 * An absent provider costs no attempt, however long it is away within the validity of the message. What it asks us to wait is
 * waited, unless we wait longer anyway.
 */
export function depoisDaFalha(
  falha: Pick<FalhaDeEnvioError, 'tipo' | 'semTentativa' | 'depoisDeMs'>,
  antes: Tentativas,
  agora: Date,
): Decisao {
  const idade = agora.getTime() - antes.devidaEm.getTime();
  if (falha.tipo === 'PERMANENTE' || idade >= VALIDADE_MS) return { tipo: 'DESISTIR' };
  const daquiA = (ms: number) => new Date(agora.getTime() + Math.max(ms, falha.depoisDeMs));
  if (falha.semTentativa) {
    const maior = falha.tipo === 'PARCIAL' ? MAIOR_ADIAMENTO_PARCIAL_MS : MAIOR_ADIAMENTO_MS;
    return { tipo: 'ADIAR', ate: daquiA(pausa(PRIMEIRO_ADIAMENTO_MS, maior, antes.adiamentos)) };
  }
  const maximo = falha.tipo === 'INCERTA' ? MAX_INCERTAS : MAX_RECUSAS;
  if (antes.recusas + 1 >= maximo) return { tipo: 'DESISTIR' };
  return { tipo: 'REPETIR', ate: daquiA(pausa(PRIMEIRA_REPETICAO_MS, MAIOR_REPETICAO_MS, antes.recusas)) };
}

function pausa(primeira: number, maior: number, vezes: number): number {
  return Math.min(primeira * 2 ** vezes, maior);
}
