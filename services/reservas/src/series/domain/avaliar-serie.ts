import { EspacoIndisponivelError } from '../../agenda/domain/alternativas.ts';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { Dispensas } from '../../espacos/domain/dispensas.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import type { Fechamento } from '../../espacos/domain/fechamento.ts';
import { comMaisUm, type Pendentes, verificarPendentes } from '../../espacos/domain/limites-de-pendentes.ts';
import { LimiteDeReservasError, MAXIMO_RESERVAS_ATIVAS } from '../../espacos/domain/limites-reserva.ts';
import type { ExtraReservado } from '../../precos/domain/extras.ts';
import type { Preco } from '../../precos/domain/precificacao.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import type { Ocupacao, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { Ocorrencia } from './ocorrencias-da-serie.ts';

class HorarioInexistenteError extends Recusa {
  readonly motivo = 'HORARIO_INEXISTENTE';

  constructor() {
    super('Neste dia os relógios são adiantados e este horário não existe.');
  }
}

/** What would become of a date: booked, taken by somebody, left out by the customer, against a rule. */
export type OcorrenciaAvaliada = Ocorrencia &
  (
    | { readonly estado: 'LIVRE'; readonly periodo: PeriodoReserva; readonly preco: Preco }
    | { readonly estado: 'EXCLUIDA'; readonly preco: Preco | undefined }
    | { readonly estado: 'CONFLITO' | 'RECUSADA'; readonly preco: Preco | undefined; readonly recusa: Recusa }
  );

/** What the dates of a series are judged by. */
export interface Circunstancias {
  readonly espaco: Espaco;
  readonly extras: readonly ExtraReservado[];
  /** All that is taken around the dates. */
  readonly ocupacoes: readonly Ocupacao[];
  /** Periods of the dates that somebody waits for and is about to be offered. */
  readonly prometidas: ReadonlySet<PeriodoReserva>;
  /** All closures around the dates. */
  readonly fechamentos: readonly Fechamento[];
  /** Active reservations the customer has already. */
  readonly ativas: number;
  /** What the customer holds unpaid already; undefined when it does not matter, because somebody else books for them. */
  readonly pendentes: Pendentes | undefined;
  readonly dispensas: Dispensas;
  readonly agora: Date;
}

/**
 * Judges the dates one after the other by the rules of a single booking; every free one is taken from then on, so it is in
 * the way of the next and counts for the customer's limit. Pure: the dry run and the booking agree.
 */
export function avaliarSerie(
  ocorrencias: readonly Ocorrencia[],
  circunstancias: Circunstancias,
): OcorrenciaAvaliada[] {
  const { espaco, extras, agora, dispensas, ativas, prometidas } = circunstancias;
  const { folgaMinutos, limitesPendentes } = espaco.estado;
  const ocupacoes = [...circunstancias.ocupacoes];
  let pendentes = dispensas.limite ? undefined : circunstancias.pendentes;
  let vagas = dispensas.limite ? ocorrencias.length : MAXIMO_RESERVAS_ATIVAS - ativas;
  return ocorrencias.map((ocorrencia) => {
    const { periodo } = ocorrencia;
    const preco = periodo && espaco.precificar(periodo, extras, agora);
    if (ocorrencia.excluida) return { ...ocorrencia, estado: 'EXCLUIDA', preco };
    if (!periodo || !preco)
      return { ...ocorrencia, estado: 'RECUSADA', preco, recusa: new HorarioInexistenteError() };
    const aceita = espaco.aceita(periodo, agora, circunstancias.fechamentos, dispensas);
    if (aceita.isFailure) return { ...ocorrencia, estado: 'RECUSADA', preco, recusa: aceita.error };
    const valor = cobravel(preco);
    if (valor.isFailure) return { ...ocorrencia, estado: 'RECUSADA', preco, recusa: valor.error };
    if (prometidas.has(periodo) || !cabe(periodo, ocupacoes, folgaMinutos, dispensas.folga))
      return { ...ocorrencia, estado: 'CONFLITO', preco, recusa: new EspacoIndisponivelError() };
    if (vagas <= 0) return { ...ocorrencia, estado: 'RECUSADA', preco, recusa: new LimiteDeReservasError() };
    if (pendentes && preco.valor.centavos > 0n) {
      const paga = verificarPendentes(periodo, limitesPendentes, pendentes, agora);
      if (paga.isFailure) return { ...ocorrencia, estado: 'RECUSADA', preco, recusa: paga.error };
      pendentes = comMaisUm(pendentes, periodo);
    }
    vagas -= 1;
    ocupacoes.push({ periodo, folgaMinutos });
    return { ...ocorrencia, periodo, estado: 'LIVRE', preco };
  });
}
