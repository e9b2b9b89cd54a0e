import type { Estorno, StatusEstorno } from './estado-reserva.ts';

/** A refund that was done may still fail; one that has failed never gets on, for the next try has a number of its own. */
const ORDEM: Readonly<Record<StatusEstorno, number>> = { SOLICITADO: 0, CONCLUIDO: 1, FALHOU: 2 };

/** The refunds with what was heard of one; undefined when that is older than what is known. */
export function comNoticia(estornos: readonly Estorno[], noticia: Estorno): readonly Estorno[] | undefined {
  const conhecido = estornos.find(({ numero }) => numero === noticia.numero);
  if (conhecido && ORDEM[noticia.status] <= ORDEM[conhecido.status]) return undefined;
  const outros = estornos.filter(({ numero }) => numero !== noticia.numero);
  return [...outros, noticia].sort((a, b) => a.numero - b.numero);
}

/** Cents that are back at the customer. */
export function totalEstornado(estornos: readonly Estorno[]): bigint {
  return soma(estornos.filter(({ status }) => status === 'CONCLUIDO'));
}

/** Cents that are back, or on their way. */
export function totalComprometido(estornos: readonly Estorno[]): bigint {
  return soma(estornos.filter(({ status }) => status !== 'FALHOU'));
}

function soma(estornos: readonly Estorno[]): bigint {
  return estornos.reduce((total, { valor }) => total + (valor?.centavos ?? 0n), 0n);
}
