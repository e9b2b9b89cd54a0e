import { Result } from '@plataforma/domain/result';
import { horaLocal, instanteLocal, somarDias } from '../../tempo/domain/hora-local.ts';
import { MINUTO_MS, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { datasDaRecorrencia } from './datas-da-recorrencia.ts';
import {
  type FimDaRecorrencia,
  lerRecorrencia,
  MAXIMO_OCORRENCIAS,
  RecorrenciaInvalidaError,
} from './recorrencia.ts';

/** No space can be booked farther ahead, so no series needs to go on for longer. */
const ALCANCE_DIAS = 730;

/** More than a series can have: clocks are set forward once or twice a year. */
const MAXIMO_INEXISTENTES = 8;

/** When a series takes place. */
export interface AgendaDaSerie {
  /** First start on the wall clock of the space, `2026-06-10T19:00`. */
  readonly inicioLocal: string;
  readonly duracaoMinutos: number;
  readonly rrule: string;
  /** Local dates of the rule that are left out, `2026-06-17`. */
  readonly datasExcluidas: readonly string[];
}

/** One date of a series. */
export interface Ocorrencia {
  /** Its place in the rule, from 1; dates that are left out keep theirs. */
  readonly numero: number;
  /** Local date on which it starts. */
  readonly data: string;
  /** Undefined when the clocks skip its start on that date. */
  readonly periodo: PeriodoReserva | undefined;
  readonly excluida: boolean;
}

interface HoraDeParede {
  readonly data: string;
  readonly minuto: number;
}

/**
 * The dates of a series, at the same wall time and for the same length, whatever the clocks of the zone do.
 *
 * As in RFC 5545, of a wall time that comes twice the first is meant, and a date whose start does not exist is not
 * counted by COUNT. It is not silently dropped, though: it is among the answer, without a period.
 */
export function ocorrenciasDaSerie(
  agenda: AgendaDaSerie,
  fuso: string,
): Result<Ocorrencia[], RecorrenciaInvalidaError> {
  const regra = lerRecorrencia(agenda.rrule);
  if (regra.isFailure) return regra;
  if (!Number.isInteger(agenda.duracaoMinutos) || agenda.duracaoMinutos < 1 || agenda.duracaoMinutos > 1440)
    return recusar('duracaoMinutos', 'deve ir de 1 a 1440');
  const inicio = lerInicio(agenda.inicioLocal);
  if (!inicio) return recusar('inicioLocal', 'use uma data e hora AAAA-MM-DDTHH:MM que exista no calendário');
  const ultima = somarDias(inicio.data, ALCANCE_DIAS);
  const datas = datasDaRecorrencia(
    regra.value,
    inicio.data,
    ultima,
    MAXIMO_OCORRENCIAS + MAXIMO_INEXISTENTES,
  );
  if (datas[0] !== inicio.data) return recusar('inicioLocal', 'a primeira data não segue a regra');
  const todas = datas.map((data) => ({ data, periodo: periodoEm({ ...inicio, data }, agenda, fuso) }));
  const ate = encerrar(todas, regra.value.fim, inicio, fuso);
  return ate.isFailure ? ate : excluir(ate.value, agenda.datasExcluidas);
}

type Data = Pick<Ocorrencia, 'data' | 'periodo'>;

function encerrar(
  datas: readonly Data[],
  fim: FimDaRecorrencia,
  inicio: HoraDeParede,
  fuso: string,
): Result<Data[], RecorrenciaInvalidaError> {
  if ('vezes' in fim) return contar(datas, fim.vezes);
  const ate = 'ateData' in fim ? { data: fim.ateData, minuto: 1439 } : emParede(fim.ateInstante, fuso);
  if (ate.data > somarDias(inicio.data, ALCANCE_DIAS)) return recusar('UNTIL', longaDemais());
  const dentro = datas.filter(
    ({ data }) => data < ate.data || (data === ate.data && inicio.minuto <= ate.minuto),
  );
  if (dentro.length === 0) return recusar('UNTIL', 'o fim é antes da primeira data');
  if (dentro.length > MAXIMO_OCORRENCIAS)
    return recusar('UNTIL', `a série teria mais de ${MAXIMO_OCORRENCIAS} datas; termine antes`);
  return Result.ok(dentro);
}

function contar(datas: readonly Data[], vezes: number): Result<Data[], RecorrenciaInvalidaError> {
  let existentes = 0;
  const ultima = datas.findIndex(({ periodo }) => {
    if (periodo) existentes += 1;
    return existentes === vezes;
  });
  return ultima === -1 ? recusar('COUNT', longaDemais()) : Result.ok(datas.slice(0, ultima + 1));
}

function excluir(
  datas: readonly Data[],
  excluidas: readonly string[],
): Result<Ocorrencia[], RecorrenciaInvalidaError> {
  const alheia = excluidas.find((excluida) => !datas.some(({ data }) => data === excluida));
  if (alheia !== undefined) return recusar('datasExcluidas', `${alheia} não é uma data da série`);
  if (datas.every(({ data }) => excluidas.includes(data)))
    return recusar('datasExcluidas', 'não sobra nenhuma data');
  return Result.ok(
    datas.map((data, i) => ({ ...data, numero: i + 1, excluida: excluidas.includes(data.data) })),
  );
}

/** The period is as long on every date: a night in which the clocks are switched ends earlier or later on the wall. */
function periodoEm(
  { data, minuto }: HoraDeParede,
  { duracaoMinutos }: AgendaDaSerie,
  fuso: string,
): PeriodoReserva | undefined {
  const inicio = instanteLocal(data, minuto, fuso);
  const parede = emParede(inicio, fuso);
  if (parede.data !== data || parede.minuto !== minuto) return undefined;
  const periodo = PeriodoReserva.create(inicio, new Date(inicio.getTime() + duracaoMinutos * MINUTO_MS));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

/** Undefined when there is no such moment on the calendar. */
function lerInicio(texto: string): HoraDeParede | undefined {
  if (!/^2\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/.test(texto)) return undefined;
  const parede = new Date(`${texto}Z`);
  if (Number.isNaN(parede.getTime()) || !parede.toISOString().startsWith(texto)) return undefined;
  return { data: texto.slice(0, 10), minuto: parede.getUTCHours() * 60 + parede.getUTCMinutes() };
}

function emParede(instante: Date, fuso: string): HoraDeParede {
  const { data, minutoDoDia } = horaLocal(instante, fuso);
  return { data, minuto: minutoDoDia };
}

function longaDemais(): string {
  return `a série deve terminar no máximo ${ALCANCE_DIAS} dias depois da primeira data`;
}

function recusar(parte: string, porque: string): Result<never, RecorrenciaInvalidaError> {
  return Result.fail(new RecorrenciaInvalidaError(parte, porque));
}
