import type { EstadoReserva, PassoHistorico } from '../../reservas/domain/estado-reserva.ts';

/** What came of a fact or a call. `FEITA` changed the reservation, so its history has a row of it. */
export type ResultadoDaEtapa = 'FEITA' | 'SEM_EFEITO' | 'REPETIDA' | 'ADIADA' | 'RECUSADA';

/** Something a saga went through. The history of the reservation tells its changes; this tells the rest. */
export interface OcorrenciaDaSaga {
  readonly reservaId: string;
  readonly fato: string;
  /** Empty when the saga did nothing about it. */
  readonly comando: string;
  readonly resultado: ResultadoDaEtapa;
  /** The version that a `FEITA` made. */
  readonly versao: number | undefined;
  /** What went wrong; empty when nothing did. */
  readonly porque: string;
  /** Of the message that brought the fact; empty when none did. */
  readonly mensagemId: string;
  readonly em: Date;
}

/** All that is known of one saga, as of one moment. */
export interface RegistrosDaSaga {
  readonly reserva: EstadoReserva;
  /** The latest ones, oldest first; the same holds for `ocorrencias`. */
  readonly historico: readonly PassoHistorico[];
  readonly ocorrencias: readonly OcorrenciaDaSaga[];
  /** Events that have not reached the bus. */
  readonly porPublicar: number;
}

/** What came of a fact; what is not said did not happen. */
export function ocorrencia(
  { reservaId, tipo }: { readonly reservaId: string; readonly tipo: string },
  parte: Pick<OcorrenciaDaSaga, 'resultado' | 'em'> & Partial<OcorrenciaDaSaga>,
): OcorrenciaDaSaga {
  return { reservaId, fato: tipo, comando: '', versao: undefined, porque: '', mensagemId: '', ...parte };
}
