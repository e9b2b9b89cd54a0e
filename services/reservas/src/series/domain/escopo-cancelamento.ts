import { Result } from '@plataforma/domain/result';
import { ReservaNaoEncontradaError } from '../../reservas/domain/recusas-da-reserva.ts';

export const ESCOPOS_CANCELAMENTO = ['ESTA', 'ESTA_E_SEGUINTES', 'TODAS'] as const;

/** How much of a series is meant. */
export type EscopoCancelamento = (typeof ESCOPOS_CANCELAMENTO)[number];

/**
 * The occurrences that are meant.
 *
 * @param ocorrencias those of the series, in its order.
 * @param reservaId the one from which; nothing to `TODAS`.
 */
export function escolherOcorrencias<R extends { readonly id: string }>(
  ocorrencias: readonly R[],
  escopo: EscopoCancelamento,
  reservaId: string,
): Result<readonly R[], ReservaNaoEncontradaError> {
  if (escopo === 'TODAS') return Result.ok(ocorrencias);
  const desde = ocorrencias.findIndex(({ id }) => id === reservaId);
  if (desde === -1) return Result.fail(new ReservaNaoEncontradaError());
  return Result.ok(ocorrencias.slice(desde, escopo === 'ESTA' ? desde + 1 : undefined));
}
