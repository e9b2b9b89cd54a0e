import { PeriodoReserva } from '../domain/periodo-reserva.ts';

/** The period of a row. A stored period is valid: the table checks it too. */
export function periodoFromRow(row: { readonly data_inicio: Date; readonly data_fim: Date }): PeriodoReserva {
  const periodo = PeriodoReserva.create(row.data_inicio, row.data_fim);
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}
