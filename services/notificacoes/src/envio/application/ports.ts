import type { Recibo } from '../../canais/application/carteiro.ts';
import type { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import type { Canal, Contato } from '../../canais/domain/mensagem.ts';
import type { HistoricoDeNotificacoes, Retirada } from '../../mensagens/application/ports.ts';
import type { ModeloComDados } from '../../modelos/domain/modelo.ts';
import type { PreferenciasRepository } from '../../preferencias/application/ports.ts';
import type { Preferencias } from '../../preferencias/domain/preferencias.ts';
import type { Cota } from '../domain/limite-diario.ts';

/** A message that this process, and no other one until its lease ends, may hand to the provider. */
export type NotificacaoTomada = ModeloComDados & {
  readonly id: string;
  /** Proof of the lease. */
  readonly posse: string;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly reservaId: string;
  /** What goes with it, if that was taken with it; undefined when it goes alone. */
  readonly grupo: string | undefined;
  readonly recusas: number;
  readonly adiamentos: number;
  readonly criadoEm: Date;
  /** Not before the end of the quiet hours that it has waited for. */
  readonly devidaEm: Date;
  /** No news any more from then on. */
  readonly validoAte: Date | undefined;
  /** What it follows from; null where that is not known. */
  readonly rastro: Readonly<Record<string, string>> | null;
};

/** What is known of the person that a message is for, just before it is sent. */
export interface Leitor {
  /** Undefined when the person is gone. */
  readonly contato: Contato | undefined;
  /** Whether the address of the contact is. */
  readonly verificado: boolean;
  /** Messages to the address that it goes to come back. */
  readonly devolve: boolean;
  readonly preferencias: Omit<Preferencias, 'telefone'>;
}

/** A message whose turn has come, with what is known now. */
export type NotificacaoComecada = NotificacaoTomada & Leitor;

/** A message takes one of this share. */
export interface Conta {
  readonly tomada: NotificacaoTomada;
  readonly cota: Cota;
}

/** A provider has accepted a message. */
export interface FatoDeEnvio {
  readonly id: string;
  readonly clienteId: string;
  readonly destino: string;
  readonly em: Date;
  readonly recibo: Recibo;
}

/** What is noted of a message that the provider has accepted. */
export interface Envio {
  readonly versao: number;
  /** Masked; empty when the person is gone. */
  readonly destino: string;
}

/** The messages that are due, and what becomes of each. */
export interface FilaDeSaida {
  /**
   * Leases messages of the channel that are due until `ate`, of those that are not held back; with each of a group those of that group
   * that are due within the time of a digest, so that no two senders have parts of it.
   */
  tomar(pedido: { canal: Canal; limite: number; agora: Date; ate: Date }): Promise<NotificacaoTomada[]>;
  /**
   * What is known now of those that messages in hand are for, by the message: without those that this sender has not any more, since
   * they were taken back or another one has them. `RETIDA` is one that is held back by now.
   */
  comecar(tomadas: readonly NotificacaoTomada[]): Promise<ReadonlyMap<string, Leitor | 'RETIDA'>>;
  /**
   * Counts each message among those of its share and day, once; the identities of those that there is no room for in that, or in the
   * whole. Days that are over are forgotten by and by.
   */
  contar(contas: readonly Conta[], dia: string): Promise<ReadonlySet<string>>;
  /** The message goes back as it was, due at `ate`, and is not counted. */
  guardarPara(tomada: NotificacaoTomada, ate: Date): Promise<void>;
  /** The message goes back as it was and waits for the end of the quiet hours, unless they are changed before. */
  silenciar(tomada: NotificacaoTomada, ate: Date): Promise<void>;
  /** Messages that were not begun go back as they were, due at once. */
  devolver(tomadas: readonly NotificacaoTomada[]): Promise<void>;
  /**
   * Needs no lease: that the provider has accepted a message is a fact. By identity; without those that are noted already. Until the
   * end of the transaction the people are not erased; of who is gone it is not noted where it went.
   */
  marcarEnviadas(fatos: readonly FatoDeEnvio[]): Promise<ReadonlyMap<string, Envio>>;
  /** The others need the lease and answer no version without it. */
  marcarFalha(tomada: NotificacaoTomada, destino: string): Promise<number | undefined>;
  /** Versions by identity. */
  marcarSuprimidas(tomadas: readonly NotificacaoTomada[]): Promise<ReadonlyMap<string, number>>;
  repetir(tomada: NotificacaoTomada, destino: string, ate: Date): Promise<number | undefined>;
  /** The message goes back as it was, due at `ate`. */
  adiar(tomada: NotificacaoTomada, ate: Date): Promise<void>;
  /** Gives up what has been held back since before `antesDe`, the oldest first. */
  descartarRetidas(antesDe: Date, limite: number): Promise<Retirada[]>;
}

/** The provider has accepted a message: news for other services. */
export interface NotificacaoEnviada {
  readonly notificacao: NotificacaoTomada;
  readonly versao: number;
  readonly em: Date;
}

/** What one transaction sees. */
export interface Transacao {
  readonly saida: FilaDeSaida;
  readonly historico: HistoricoDeNotificacoes;
  readonly preferencias: Pick<PreferenciasRepository, 'abrir'>;
  publicar(...fatos: readonly NotificacaoEnviada[]): Promise<void>;
}

/** What operators count. */
export interface Observador {
  enviada(notificacao: NotificacaoTomada, em: Date): void;
  recusada(notificacao: NotificacaoTomada, falha: FalhaDeEnvioError): void;
  desistiu(notificacao: NotificacaoTomada, falha: FalhaDeEnvioError): void;
  /** The message is sent, and for the `vezes`th time in a row the database could not be told. */
  semMarca(notificacao: NotificacaoTomada, vezes: number, causa: unknown): void;
}
