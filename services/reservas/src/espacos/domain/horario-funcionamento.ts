import { diaDaSemana, horaLocal, instanteLocal, somarDias } from '../../tempo/domain/hora-local.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** One opening window of a week in local wall time; a closing time not after the opening is on the next day. */
export interface JanelaFuncionamento {
  /** ISO weekday of the opening, 1 Monday to 7 Sunday. */
  readonly diaSemana: number;
  /** `HH:MM` */
  readonly abre: string;
  /** `HH:MM` up to `24:00` */
  readonly fecha: string;
}

const DIA = 1440;
const SEMANA = 7 * DIA;

/** Whether the whole period lies in opening time; without windows a space is always open. */
export function aberto(
  periodo: PeriodoReserva,
  janelas: readonly JanelaFuncionamento[],
  fuso: string,
): boolean {
  if (janelas.length === 0) return true;
  let coberto = periodo.inicio.getTime();
  for (const { abre, fecha } of janelasDoPeriodo(periodo, janelas, fuso)) {
    if (abre <= coberto && coberto < fecha) coberto = fecha;
  }
  return coberto >= periodo.fim.getTime();
}

/** The opening time within a period, by start; windows that meet are one. */
export function abertos(
  periodo: PeriodoReserva,
  janelas: readonly JanelaFuncionamento[],
  fuso: string,
): PeriodoReserva[] {
  if (janelas.length === 0) return [periodo];
  const juntos: { abre: number; fecha: number }[] = [];
  for (const { abre, fecha } of janelasDoPeriodo(periodo, janelas, fuso)) {
    const ultimo = juntos.at(-1);
    if (ultimo && abre <= ultimo.fecha) ultimo.fecha = Math.max(ultimo.fecha, fecha);
    else juntos.push({ abre, fecha });
  }
  return juntos.flatMap(({ abre, fecha }) => {
    const inicio = new Date(Math.max(abre, periodo.inicio.getTime()));
    const dentro = PeriodoReserva.create(inicio, new Date(Math.min(fecha, periodo.fim.getTime())));
    return dentro.isSuccess ? [dentro.value] : [];
  });
}

/** What is wrong with a week of windows, in words for the person who wrote it; undefined when nothing is. */
export function problemaNosHorarios(janelas: readonly JanelaFuncionamento[]): string | undefined {
  for (const { diaSemana, abre, fecha } of janelas) {
    if (!Number.isInteger(diaSemana) || diaSemana < 1 || diaSemana > 7) return 'dia da semana vai de 1 a 7';
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(abre)) return 'a abertura deve estar no formato HH:MM';
    if (!/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(fecha)) return 'o fechamento deve estar no formato HH:MM';
  }
  return sobrepostas(janelas) ? 'há janelas que se sobrepõem' : undefined;
}

/** The windows as instants, by opening; the day before counts too, for its window may pass midnight. */
function janelasDoPeriodo(periodo: PeriodoReserva, janelas: readonly JanelaFuncionamento[], fuso: string) {
  const ultimo = horaLocal(periodo.fim, fuso).data;
  const intervalos: { abre: number; fecha: number }[] = [];
  let data = somarDias(horaLocal(periodo.inicio, fuso).data, -1);
  for (; data <= ultimo; data = somarDias(data, 1)) {
    for (const janela of janelas.filter((j) => j.diaSemana === diaDaSemana(data))) {
      const { inicio, fim } = minutos(janela);
      intervalos.push({
        abre: instanteLocal(data, inicio, fuso).getTime(),
        fecha: instanteLocal(data, fim, fuso, 'later').getTime(),
      });
    }
  }
  return intervalos.sort((a, b) => a.abre - b.abre);
}

function minutos({ abre, fecha }: JanelaFuncionamento): { inicio: number; fim: number } {
  const inicio = minutoDe(abre);
  const fim = minutoDe(fecha);
  return { inicio, fim: fim > inicio ? fim : fim + DIA };
}

function minutoDe(hora: string): number {
  const [horas = 0, resto = 0] = hora.split(':').map(Number);
  return horas * 60 + resto;
}

function sobrepostas(janelas: readonly JanelaFuncionamento[]): boolean {
  const semana = janelas
    .map((janela) => {
      const { inicio, fim } = minutos(janela);
      const dia = (janela.diaSemana - 1) * DIA;
      return { inicio: dia + inicio, fim: dia + fim };
    })
    .sort((a, b) => a.inicio - b.inicio);
  return semana.some(({ fim }, i) => {
    // The window after the last one is the first one of the next week.
    const proxima = semana[i + 1]?.inicio ?? (semana[0]?.inicio ?? 0) + SEMANA;
    return fim > proxima;
  });
}
