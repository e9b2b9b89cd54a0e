import { Recusa } from '../../comum/domain/recusa.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import type { AgendaDaSerie } from './ocorrencias-da-serie.ts';

export class SerieNaoEncontradaError extends Recusa {
  readonly motivo = 'SERIE_NAO_ENCONTRADA';

  constructor() {
    super('Série não encontrada.');
  }
}

/** What a customer asks for when booking a space again and again. */
export interface PlanoDaSerie extends AgendaDaSerie {
  readonly clienteId: string;
  readonly espacoId: string;
  /** Add-ons of every occurrence. */
  readonly extras: readonly ExtraPedido[];
  /** The customer keeps their store credit for later. */
  readonly guardarCreditos: boolean;
}

export const MODOS_SERIE = ['TUDO_OU_NADA', 'PULAR_CONFLITOS'] as const;

/** Whether a date that cannot be booked stops the series, or is left out. */
export type ModoDaSerie = (typeof MODOS_SERIE)[number];

/** A date that was not booked, and why: the reason and the words that the customer was told. */
export interface DataPulada {
  readonly numero: number;
  readonly data: string;
  readonly motivo: string;
  readonly mensagem: string;
}

/**
 * A plan and what became of it when it was booked. It never changes: its occurrences are reservations of their own, which
 * are paid, cancelled and refunded one by one.
 */
export interface Serie extends PlanoDaSerie {
  readonly id: string;
  readonly fusoHorario: string;
  readonly modo: ModoDaSerie;
  readonly puladas: readonly DataPulada[];
  /** Who booked: the customer, or an admin for the customer. */
  readonly criadaPor: string;
  readonly criadoEm: Date;
}
