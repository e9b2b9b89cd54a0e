import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo, ModeloComDados } from '../../modelos/domain/modelo.ts';

/** Where a message is on its way. */
export type Status = 'PENDENTE' | 'ENVIADA' | 'FALHOU' | 'SUPRIMIDA';

/** What became of a message that the provider took, as far as it has told. */
export type Entrega = 'ATRASADA' | 'ENTREGUE' | 'NAO_ENTREGUE' | 'DEVOLVIDA' | 'RECLAMADA';

/** A message that is to be written down. */
export type Rascunho = ModeloComDados & {
  readonly fato?: string;
  /** At once when left out. */
  readonly devidaEm?: Date;
  /** Takes the place of the same message as long as no sender has taken that; writes none otherwise. */
  readonly substitui?: true;
  readonly validoAte?: Date;
};

/** A message that has just been written down. */
export type NovaNotificacao = ModeloComDados & {
  readonly id: string;
  readonly clienteId: string;
  readonly canal: Canal;
  /** Empty when it is about none. */
  readonly reservaId: string;
  /** Tells messages of one model about one reservation apart; empty when there is at most one. */
  readonly fato: string;
  /** In the language that its addressee has chosen; undefined: in none. */
  readonly assunto: (idioma: string | undefined) => string;
  readonly criadoEm: Date;
  /** Not sent before. */
  readonly devidaEm: Date;
  /** No news any more from then on: not sent. Undefined when it never grows old. */
  readonly validoAte: Date | undefined;
  /** Messages of one group that are due at about the same time go as one. Undefined: it goes alone. */
  readonly grupo: string | undefined;
};

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
  /** Undefined when nothing was told. */
  readonly entrega: Entrega | undefined;
  readonly reservaId: string;
  readonly criadoEm: Date;
  readonly enviadoEm: Date | undefined;
}
