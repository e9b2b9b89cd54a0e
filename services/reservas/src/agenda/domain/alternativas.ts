import type { Fatos } from '@plataforma/domain/domain-error';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import type { Fechamento } from '../../espacos/domain/fechamento.ts';
import { descerNaGrade, subirNaGrade } from '../../espacos/domain/limites-reserva.ts';
import { MINUTO_MS, type Ocupacao, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

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
  const distancia = (inicio: number) => Math.abs(inicio - desejado.inicio.getTime());
  const tomado = tomadoEm(ocupacoes, espaco.estado.folgaMinutos);
  const achadas: PeriodoReserva[] = [];
  for (const inicio of inicios(desejado, espaco, ocupacoes).sort((a, b) => distancia(a) - distancia(b))) {
    if (achadas.length === MAXIMO_ALTERNATIVAS) break;
    const periodo = desejado.movidoPara(new Date(inicio));
    if (!tomado(periodo) && espaco.aceita(periodo, agora, fechamentos).isSuccess) achadas.push(periodo);
  }
  return achadas;
}

/**
 * Tells whether a period is in the way of what is taken, buffers included. What is taken is joined first, so that each
 * question costs a few steps however much that is.
 */
function tomadoEm(
  ocupacoes: readonly Ocupacao[],
  folgaMinutos: number,
): (periodo: PeriodoReserva) => boolean {
  const trechos: { de: number; ate: number }[] = [];
  const bloqueios = ocupacoes.map((ocupacao) => {
    const folgaMs = Math.max(folgaMinutos, ocupacao.folgaMinutos) * MINUTO_MS;
    const { inicio, fim } = ocupacao.periodo;
    return { de: inicio.getTime() - folgaMs, ate: fim.getTime() + folgaMs };
  });
  for (const { de, ate } of bloqueios.sort((a, b) => a.de - b.de)) {
    const ultimo = trechos.at(-1);
    if (ultimo && de <= ultimo.ate) ultimo.ate = Math.max(ultimo.ate, ate);
    else trechos.push({ de, ate });
  }
  return ({ inicio, fim }) => {
    let [de, ate] = [0, trechos.length];
    while (de < ate) {
      const meio = (de + ate) >> 1;
      if ((trechos[meio]?.ate ?? 0) > inicio.getTime()) ate = meio;
      else de = meio + 1;
    }
    const primeiro = trechos[de];
    return primeiro !== undefined && primeiro.de < fim.getTime();
  };
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

function emDetalhes(periodos: readonly PeriodoReserva[]): Fatos {
  if (periodos.length === 0) return {};
  return {
    alternativas: periodos.map(({ inicio, fim }) => ({
      dataInicio: emSegundos(inicio),
      dataFim: emSegundos(fim),
    })),
  };
}

function emSegundos(instante: Date): string {
  return instante.toISOString().replace('.000Z', 'Z');
}
