import type { Ocupacao, PeriodoReserva } from './periodo-reserva.ts';

/** Whether no neighbour is in the period or, unless that rule is left aside, too near to it. */
export function cabe(
  periodo: PeriodoReserva,
  vizinhas: readonly Ocupacao[],
  folgaMinutos: number,
  dispensaDeFolga: boolean,
): boolean {
  return !vizinhas.some((vizinha) =>
    dispensaDeFolga ? periodo.sobrepoe(vizinha.periodo) : periodo.conflitaCom(vizinha, folgaMinutos),
  );
}
