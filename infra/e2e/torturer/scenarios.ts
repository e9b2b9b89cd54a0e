import { DE_BONUS } from './cenarios/bonus.ts';
import type { Cenario } from './cenarios/cenario.ts';
import { DE_DINHEIRO_TARDIO } from './cenarios/dinheiro-tardio.ts';
import { DA_FILA } from './cenarios/fila.ts';
import { DE_SERIES } from './cenarios/series.ts';
import { DE_UMA_RESERVA } from './cenarios/uma-reserva.ts';

/** The ways that bookings can go, each with an end that no disorder of messages may change. */
export const CENARIOS: readonly Cenario[] = [
  ...DE_UMA_RESERVA,
  ...DE_SERIES,
  ...DA_FILA,
  ...DE_BONUS,
  ...DE_DINHEIRO_TARDIO,
];
