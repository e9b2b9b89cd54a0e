import type { Espaco } from './espaco.ts';
import type { Fechamento } from './fechamento.ts';
import { descerNaGrade, subirNaGrade } from './limites-reserva.ts';
import { Recusa } from './motivo.ts';
import { MINUTO_MS, type Ocupacao, type PeriodoReserva } from './periodo-reserva.ts';

const MAXIMO_ALTERNATIVAS = 3;

/** The slot, or the buffer around it, is taken. Details name free periods of the same length, nearest first. */
export class EspacoIndisponivelError extends Recusa {
  readonly motivo = 'ESPACO_INDISPONIVEL';

  constructor(alternativas: readonly PeriodoReserva[] = []) {
    super('O espaço não está livre neste período.', emDetalhes(alternativas));
  }
}

/**
 * Free periods as long as the wanted one that begin right after a neighbour or end right before one, nearest first.
 *
 * @param ocupacoes all that is taken around the wanted period.
 * @param fechamentos all closures around it.
 */
export function alternativas(
  desejado: PeriodoReserva,
  espaco: Espaco,
  ocupacoes: readonly Ocupacao[],
  agora: Date,
  fechamentos: readonly Fechamento[] = [],
): PeriodoReserva[] {
  const { folgaMinutos } = espaco.estado;
  const distancia = (periodo: PeriodoReserva) =>
    Math.abs(periodo.inicio.getTime() - desejado.inicio.getTime());
  return inicios(desejado, espaco, ocupacoes)
    .map((inicio) => desejado.movidoPara(new Date(inicio)))
    .filter((periodo) => !ocupacoes.some((ocupacao) => periodo.conflitaCom(ocupacao, folgaMinutos)))
    .filter((periodo) => espaco.aceita(periodo, agora, fechamentos).isSuccess)
    .sort((a, b) => distancia(a) - distancia(b))
    .slice(0, MAXIMO_ALTERNATIVAS);
}

/** Where an alternative could start, each once. */
function inicios({ duracaoMs }: PeriodoReserva, espaco: Espaco, ocupacoes: readonly Ocupacao[]): number[] {
  const { folgaMinutos, limites, fusoHorario } = espaco.estado;
  const todos = ocupacoes.flatMap((ocupacao) => {
    const folgaMs = Math.max(folgaMinutos, ocupacao.folgaMinutos) * MINUTO_MS;
    const { inicio, fim } = ocupacao.periodo;
    return [
      subirNaGrade(fim.getTime() + folgaMs, limites.gradeMinutos, fusoHorario),
      descerNaGrade(inicio.getTime() - folgaMs - duracaoMs, limites.gradeMinutos, fusoHorario),
    ];
  });
  return [...new Set(todos)];
}

function emDetalhes(periodos: readonly PeriodoReserva[]): Record<string, string> {
  if (periodos.length === 0) return {};
  const textos = periodos.map(({ inicio, fim }) => `${emSegundos(inicio)}/${emSegundos(fim)}`);
  return { alternativas: textos.join(',') };
}

function emSegundos(instante: Date): string {
  return instante.toISOString().replace('.000Z', 'Z');
}
