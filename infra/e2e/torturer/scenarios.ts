import { DE_BONUS } from './scenarios/bonus.ts';
import { DE_DINHEIRO_TARDIO } from './scenarios/dinheiro-tardio.ts';
import { DA_FILA } from './scenarios/fila.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { DE_SERIES } from './scenarios/series.ts';
import { DE_UMA_RESERVA } from './scenarios/uma-reserva.ts';

/** The ways that bookings can go, each with an end that no disorder of messages may change. */
export const SCENARIOS: readonly Scenario[] = [
  ...DE_UMA_RESERVA,
  ...DE_SERIES,
  ...DA_FILA,
  ...DE_BONUS,
  ...DE_DINHEIRO_TARDIO,
];
