/** The way a message reaches a person. Only e-mail has a sender so far. */
export type Canal = 'EMAIL' | 'SMS' | 'PUSH';

/** What a message is about; so far the ones that have a template. */
export type Modelo = 'RESERVA_CONFIRMADA';

/** Where a message is on its way. */
export type Status = 'PENDENTE' | 'ENVIADA' | 'FALHOU' | 'SUPRIMIDA';

/** What the message about a confirmed reservation says. Plain JSON: it is stored until it is sent. */
export interface DadosReservaConfirmada {
  readonly reservaId: string;
  readonly pagamentoId: string;
  readonly espacoNome: string;
  /** Empty when the space has none. */
  readonly espacoEndereco: string;
  /** Instant in ISO 8601, UTC. */
  readonly inicio: string;
  readonly fim: string;
  /** IANA time zone of the space. */
  readonly fusoHorario: string;
  /** Whole cents in decimal: JSON has no bigint. */
  readonly valorCentavos: string;
  readonly moeda: string;
  /** When the reservation was confirmed. */
  readonly confirmadaEm: string;
}

/** A message that has just been written down. */
export interface NovaNotificacao {
  readonly id: string;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly modelo: Modelo;
  readonly reservaId: string;
  readonly assunto: string;
  readonly dados: DadosReservaConfirmada;
  readonly criadaEm: Date;
}

/** A message as its addressee may see it. */
export interface NotificacaoListada {
  readonly id: string;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly modelo: Modelo;
  readonly assunto: string;
  /** Masked; empty when there is no address (yet, or any more). */
  readonly destino: string;
  readonly status: Status;
  readonly reservaId: string;
  readonly criadaEm: Date;
  readonly enviadaEm: Date | undefined;
}
