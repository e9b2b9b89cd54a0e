import type { Fatos } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import { type Motivo, Recusa } from '../../comum/domain/recusa.ts';
import { horaLocal } from '../../tempo/domain/hora-local.ts';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { aberto, type JanelaFuncionamento } from './horario-funcionamento.ts';

/** What a space asks of its reservations. */
export interface LimitesReserva {
  readonly antecedenciaMinimaMinutos: number;
  readonly antecedenciaMaximaDias: number;
  readonly duracaoMinimaMinutos: number;
  readonly duracaoMaximaMinutos: number;
  /** Start and end fall on multiples of this many minutes of local time. */
  readonly gradeMinutos: number;
}

export const LIMITES_PADRAO: LimitesReserva = {
  antecedenciaMinimaMinutos: 120,
  antecedenciaMaximaDias: 180,
  duracaoMinimaMinutos: 60,
  duracaoMaximaMinutos: 1440,
  gradeMinutos: 15,
};

/** The farthest and the longest that a space may let people book. */
export const LIMITES_MAXIMOS = { antecedenciaMaximaDias: 730, duracaoMaximaMinutos: 1440 } as const;

/**
 * Whether no space takes so long a period, whatever its limits, and for an ADMIN, too. Known without reading anything, and
 * what is read about the others is bounded by their length.
 */
export function longoDemais({ duracaoMinutos }: PeriodoReserva): boolean {
  return duracaoMinutos > LIMITES_MAXIMOS.duracaoMaximaMinutos;
}

/** Reservations one customer may hold at the same time: future or current, in a status that occupies. */
export const MAXIMO_RESERVAS_ATIVAS = 5;

/** The period breaks one of the limits of the space. */
export class ForaDosLimitesError extends Recusa {
  readonly motivo: Motivo;

  constructor(motivo: Motivo, message: string, detalhes: Fatos = {}) {
    super(message, detalhes);
    this.motivo = motivo;
  }
}

export class LimiteDeReservasError extends Recusa {
  readonly motivo = 'LIMITE_DE_RESERVAS';

  constructor() {
    super(`Você já tem ${MAXIMO_RESERVAS_ATIVAS} reservas ativas, o máximo permitido.`, {
      maximo: MAXIMO_RESERVAS_ATIVAS,
    });
  }
}

interface Regras {
  readonly limites: LimitesReserva;
  readonly horarios: readonly JanelaFuncionamento[];
  readonly fusoHorario: string;
}

/** Checks lead time, duration, grid and opening hours, in this order. */
export function verificarLimites(
  periodo: PeriodoReserva,
  regras: Regras,
  agora: Date,
): Result<void, ForaDosLimitesError> {
  const erro =
    erroDeAntecedencia(periodo, regras.limites, agora) ??
    erroDeDuracao(periodo, regras.limites) ??
    erroDeGrade(periodo, regras) ??
    erroDeHorario(periodo, regras);
  return erro ? Result.fail(erro) : Result.ok(undefined);
}

/** Whether no space would take this period, whatever its limits. Known without reading anything. */
export function foraDeTodosOsLimites(periodo: PeriodoReserva, agora: Date): boolean {
  const { inicio, fim } = periodo;
  const maximaMs = LIMITES_MAXIMOS.antecedenciaMaximaDias * 1440 * MINUTO_MS;
  return (
    longoDemais(periodo) ||
    inicio < agora ||
    inicio.getTime() - agora.getTime() > maximaMs ||
    inicio.getTime() % MINUTO_MS !== 0 ||
    fim.getTime() % MINUTO_MS !== 0
  );
}

/** What is wrong with a set of limits, in words for the person who wrote it; undefined when nothing is. */
export function problemaNosLimites(limites: LimitesReserva): string | undefined {
  const { antecedenciaMinimaMinutos: minima, antecedenciaMaximaDias: maxima, gradeMinutos } = limites;
  const { duracaoMinimaMinutos, duracaoMaximaMinutos } = limites;
  if (!entre(minima, 0, 43_200)) return 'antecedência mínima deve ir de 0 a 43200 minutos';
  if (!entre(maxima, 1, LIMITES_MAXIMOS.antecedenciaMaximaDias))
    return 'antecedência máxima deve ir de 1 a 730 dias';
  if (!entre(duracaoMinimaMinutos, 5, LIMITES_MAXIMOS.duracaoMaximaMinutos))
    return 'duração mínima deve ir de 5 a 1440 minutos';
  if (!entre(duracaoMaximaMinutos, 5, LIMITES_MAXIMOS.duracaoMaximaMinutos))
    return 'duração máxima deve ir de 5 a 1440 minutos';
  if (!entre(gradeMinutos, 5, 60) || 1440 % gradeMinutos !== 0)
    return 'a grade deve ir de 5 a 60 minutos e dividir o dia em partes iguais';
  if (minima > maxima * 1440) return 'antecedência mínima é maior que a máxima';
  if (Math.floor(duracaoMaximaMinutos / gradeMinutos) * gradeMinutos < duracaoMinimaMinutos)
    return 'nenhuma duração na grade cabe entre a mínima e a máxima';
  return undefined;
}

/** Whether an instant falls on the grid of the local wall clock. */
function naGrade(instante: Date, gradeMinutos: number, fuso: string): boolean {
  const { minutoDoDia, minutoExato } = horaLocal(instante, fuso);
  return minutoExato && minutoDoDia % gradeMinutos === 0;
}

/** The first point of the grid at or after an instant; both in milliseconds since 1970. */
export function subirNaGrade(ms: number, gradeMinutos: number, fuso: string): number {
  const sobra = passouDaGrade(ms, gradeMinutos, fuso);
  // The clocks may be switched on the way, and by half an hour: then the point that was aimed at is none.
  return sobra === 0 ? ms : subirNaGrade(ms + gradeMinutos * MINUTO_MS - sobra, gradeMinutos, fuso);
}

/** The last point of the grid at or before an instant; both in milliseconds since 1970. */
export function descerNaGrade(ms: number, gradeMinutos: number, fuso: string): number {
  const sobra = passouDaGrade(ms, gradeMinutos, fuso);
  return sobra === 0 ? ms : descerNaGrade(ms - sobra, gradeMinutos, fuso);
}

/** Milliseconds since the wall clock last showed a point of the grid, if it was not switched since. */
function passouDaGrade(ms: number, gradeMinutos: number, fuso: string): number {
  const { minutoDoDia } = horaLocal(new Date(ms), fuso);
  return (minutoDoDia % gradeMinutos) * MINUTO_MS + (ms % MINUTO_MS);
}

function entre(valor: number, minimo: number, maximo: number): boolean {
  return Number.isInteger(valor) && valor >= minimo && valor <= maximo;
}

function erroDeAntecedencia({ inicio }: PeriodoReserva, limites: LimitesReserva, agora: Date) {
  const { antecedenciaMinimaMinutos: minima, antecedenciaMaximaDias: maxima } = limites;
  const minutos = (inicio.getTime() - agora.getTime()) / MINUTO_MS;
  if (minutos < minima) {
    const message = `A reserva deve ser feita com pelo menos ${minima} minutos de antecedência.`;
    return new ForaDosLimitesError('ANTECEDENCIA_MINIMA', message, { minimoMinutos: minima });
  }
  if (minutos > maxima * 1440) {
    const message = `A reserva pode ser feita com no máximo ${maxima} dias de antecedência.`;
    return new ForaDosLimitesError('ANTECEDENCIA_MAXIMA', message, { maximoDias: maxima });
  }
  return undefined;
}

function erroDeDuracao({ duracaoMinutos }: PeriodoReserva, limites: LimitesReserva) {
  const { duracaoMinimaMinutos: minima, duracaoMaximaMinutos: maxima } = limites;
  if (duracaoMinutos < minima) {
    const message = `A reserva deve durar pelo menos ${minima} minutos.`;
    return new ForaDosLimitesError('DURACAO_MINIMA', message, { minimoMinutos: minima });
  }
  if (duracaoMinutos > maxima) {
    const message = `A reserva pode durar no máximo ${maxima} minutos.`;
    return new ForaDosLimitesError('DURACAO_MAXIMA', message, { maximoMinutos: maxima });
  }
  return undefined;
}

function erroDeGrade({ inicio, fim }: PeriodoReserva, { limites, fusoHorario }: Regras) {
  const { gradeMinutos } = limites;
  if (naGrade(inicio, gradeMinutos, fusoHorario) && naGrade(fim, gradeMinutos, fusoHorario)) return undefined;
  const message = `Início e fim devem cair em múltiplos de ${gradeMinutos} minutos no horário do espaço.`;
  return new ForaDosLimitesError('FORA_DA_GRADE', message, { gradeMinutos });
}

function erroDeHorario(periodo: PeriodoReserva, { horarios, fusoHorario }: Regras) {
  if (aberto(periodo, horarios, fusoHorario)) return undefined;
  return new ForaDosLimitesError('FORA_DO_HORARIO', 'O período está fora do horário de funcionamento.');
}
