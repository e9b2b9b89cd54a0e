import type { Espaco } from '../../espacos/domain/espaco.ts';
import { type Fechamento, ocorrencias } from '../../espacos/domain/fechamento.ts';
import { abertos } from '../../espacos/domain/horario-funcionamento.ts';
import { descerNaGrade, subirNaGrade } from '../../espacos/domain/limites-reserva.ts';
import { algumCobravel } from '../../precos/domain/valor-minimo.ts';
import { MINUTO_MS, type Ocupacao, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/** Milliseconds since 1970, half-open. */
interface Intervalo {
  readonly inicio: number;
  readonly fim: number;
}

/** Where a space can be booked, and what is in the way. */
export interface Agenda {
  readonly espaco: Espaco;
  /** All that is taken between the two instants and within the largest buffer around them. */
  readonly ocupacoes: readonly Ocupacao[];
  readonly fechamentos: readonly Fechamento[];
}

/**
 * The free intervals of a space between two instants, by start. They begin and end on the grid, and every period on the
 * grid inside one of them, of a duration that the space allows, could be booked now. Stretches that are too short for
 * any booking, or in which none has a price that can be charged, are left out.
 */
export function intervalosLivres(agenda: Agenda, de: Date, ate: Date, agora: Date): PeriodoReserva[] {
  const { espaco } = agenda;
  const janela = alcance(espaco, de, ate, agora);
  if (!espaco.estado.ativo || !janela) return [];
  const { horarios, fusoHorario } = espaco.estado;
  const livres = subtrair(abertos(janela, horarios, fusoHorario), cortes(agenda, janela));
  return livres
    .flatMap((intervalo) => naGradeParaDentro(intervalo, espaco) ?? [])
    .filter((intervalo) => algumCobravel(espaco.estado, intervalo.duracaoMinutos));
}

/** What the lead times leave of the wanted stretch. */
export function alcance(espaco: Espaco, de: Date, ate: Date, agora: Date): PeriodoReserva | undefined {
  const { antecedenciaMinimaMinutos, antecedenciaMaximaDias } = espaco.estado.limites;
  const primeiro = agora.getTime() + antecedenciaMinimaMinutos * MINUTO_MS;
  const ultimo = agora.getTime() + antecedenciaMaximaDias * 1440 * MINUTO_MS;
  return emPeriodo({
    inicio: Math.max(de.getTime(), primeiro),
    fim: Math.min(ate.getTime(), ultimo),
  });
}

/** Neighbours with the larger of the two buffers around them, and closures. */
function cortes({ espaco, ocupacoes, fechamentos }: Agenda, janela: PeriodoReserva): Intervalo[] {
  const { folgaMinutos, fusoHorario } = espaco.estado;
  const vizinhas = ocupacoes.map((ocupacao) => {
    const folgaMs = Math.max(folgaMinutos, ocupacao.folgaMinutos) * MINUTO_MS;
    const { inicio, fim } = ocupacao.periodo;
    return { inicio: inicio.getTime() - folgaMs, fim: fim.getTime() + folgaMs };
  });
  const fechados = fechamentos
    .flatMap((fechamento) => ocorrencias(fechamento, janela.inicio, janela.fim, fusoHorario))
    .map(({ inicio, fim }) => ({ inicio: inicio.getTime(), fim: fim.getTime() }));
  return [...vizinhas, ...fechados].sort((a, b) => a.inicio - b.inicio);
}

/** What is left of some intervals; both lists by start, the first without overlaps. */
function subtrair(intervalos: readonly PeriodoReserva[], tirar: readonly Intervalo[]): Intervalo[] {
  const restos: Intervalo[] = [];
  for (const periodo of intervalos) {
    let inicio = periodo.inicio.getTime();
    const fim = periodo.fim.getTime();
    for (const corte of tirar) {
      if (corte.inicio >= fim) break;
      if (corte.inicio > inicio) restos.push({ inicio, fim: corte.inicio });
      inicio = Math.max(inicio, corte.fim);
    }
    if (inicio < fim) restos.push({ inicio, fim });
  }
  return restos;
}

/** From the first to the last point of the grid inside, when a booking fits in between. */
function naGradeParaDentro({ inicio, fim }: Intervalo, { estado }: Espaco): PeriodoReserva | undefined {
  const { limites, fusoHorario } = estado;
  const { gradeMinutos, duracaoMinimaMinutos } = limites;
  const primeiro = subirNaGrade(inicio, gradeMinutos, fusoHorario);
  const ultimo = descerNaGrade(fim, gradeMinutos, fusoHorario);
  if (ultimo - primeiro < duracaoMinimaMinutos * MINUTO_MS) return undefined;
  return emPeriodo({ inicio: primeiro, fim: ultimo });
}

function emPeriodo({ inicio, fim }: Intervalo): PeriodoReserva | undefined {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  return periodo.isSuccess ? periodo.value : undefined;
}
