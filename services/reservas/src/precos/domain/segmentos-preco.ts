import { horaLocal, instanteLocal, proximaTrocaDeHorario } from '../../tempo/domain/hora-local.ts';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** A stretch of a period in which the same multipliers apply. */
export interface Segmento {
  readonly minutos: number;
  /** Friday or Saturday, 18:00 to 23:00 on the wall clock. */
  readonly pico: boolean;
  /** Saturday or Sunday. */
  readonly fimDeSemana: boolean;
}

const PICO_INICIO = 18 * 60;
const PICO_FIM = 23 * 60;
const MEIA_NOITE = 24 * 60;

/** A search prices one period for all spaces, most of them in one zone. */
const cortados = new WeakMap<PeriodoReserva, Map<string, readonly Segmento[]>>();

/**
 * Cuts a period where the wall clock of the zone reaches 18:00, 23:00 or midnight, and where the clocks are switched.
 * The minutes add up to the time that really passes, on switch days too.
 */
export function segmentos(periodo: PeriodoReserva, fuso: string): readonly Segmento[] {
  const porFuso = cortados.get(periodo) ?? new Map<string, readonly Segmento[]>();
  const partes = porFuso.get(fuso) ?? cortar(periodo, fuso);
  cortados.set(periodo, porFuso.set(fuso, partes));
  return partes;
}

function cortar(periodo: PeriodoReserva, fuso: string): Segmento[] {
  const partes: Segmento[] = [];
  let inicio = periodo.inicio;
  while (inicio < periodo.fim) {
    const fim = proximoCorte(inicio, periodo.fim, fuso);
    partes.push({ minutos: (fim.getTime() - inicio.getTime()) / MINUTO_MS, ...classe(inicio, fuso) });
    inicio = fim;
  }
  return partes;
}

function classe(inicio: Date, fuso: string): { pico: boolean; fimDeSemana: boolean } {
  const { diaSemana, minutoDoDia } = horaLocal(inicio, fuso);
  const noite = minutoDoDia >= PICO_INICIO && minutoDoDia < PICO_FIM;
  return { pico: noite && (diaSemana === 5 || diaSemana === 6), fimDeSemana: diaSemana >= 6 };
}

function proximoCorte(inicio: Date, fim: Date, fuso: string): Date {
  const { data } = horaLocal(inicio, fuso);
  const cortes = [PICO_INICIO, PICO_FIM, MEIA_NOITE].flatMap((minuto) => [
    instanteLocal(data, minuto, fuso),
    // A wall time may come twice in one night.
    instanteLocal(data, minuto, fuso, 'later'),
  ]);
  const troca = proximaTrocaDeHorario(inicio, fuso);
  const candidatos = [...cortes, ...(troca ? [troca] : []), fim].filter(
    (corte) => corte > inicio && corte <= fim,
  );
  return new Date(Math.min(...candidatos.map((corte) => corte.getTime())));
}
