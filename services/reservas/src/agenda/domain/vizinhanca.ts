import type { Ocupacao, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** What is taken of a space, within one transaction. */
export interface Ocupacoes {
  /** Between two instants, whatever its buffer. */
  ocupacoes(espacoId: string, de: Date, ate: Date): Promise<Ocupacao[]>;
}

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
