import type { Posicao } from '@plataforma/domain/page-token';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import type { OutroCanal } from '../domain/canais.ts';
import type { NotificacaoListada, NovaNotificacao } from '../domain/notificacao.ts';

/** The messages that wait to be sent. */
export interface FilaDeNotificacoes {
  /**
   * False when the message about this fact exists already. What may not be sent yet, because the addressee is not known
   * or not verified, is held back. Of an addressee who is gone the message says no more than one that was sent does.
   *
   * @throws IdRepetidoError when another message has this identity.
   */
  add(notificacao: NovaNotificacao): Promise<boolean>;
  /**
   * Gives the same message other words and another time, as long as no sender has taken it. False when it is not there, or
   * gone.
   */
  substituir(notificacao: NovaNotificacao): Promise<boolean>;
  /** Whether there is a message of this model about the reservation, wherever it is on its way. */
  existe(reservaId: string, modelo: Modelo): Promise<boolean>;
  /**
   * Takes back the messages of these models that no provider has accepted yet, leased ones too: if the provider accepts one
   * all the same, that fact is noted, but no attempt follows.
   */
  retirar(reservaId: string, modelos: readonly Modelo[]): Promise<Retirada[]>;
  /** Takes back the codes of this account that are not to be sent before later. */
  retirarCodigos(clienteId: string, agora: Date): Promise<Retirada[]>;
  /** Takes back the codes of this model and account that are void before `antesDe`: all of them, or those for one address. */
  retirarVencidas(
    clienteId: string,
    modelo: Modelo,
    antesDe: Date,
    email?: string | undefined,
  ): Promise<Retirada[]>;
  /**
   * What was held back for this person is held back no more, or what was not is; an address is verified as it is.
   * What brings its own address waits for none.
   */
  reter(clienteId: string, reter: boolean): Promise<void>;
  /** Takes back all messages to this person that no provider has accepted yet, leased ones too. */
  retirarTodas(clienteId: string): Promise<Retirada[]>;
  /**
   * Erases what this person may have written in their own words; the messages stay. They must not be sent any more. Answers how
   * many messages there are.
   */
  esquecer(clienteId: string): Promise<number>;
}

/** What people have switched on, of the channels that there are. */
export interface CanaisLigados {
  /** Those of this person besides e-mail, at this moment; what they want is asked again when a message is sent. */
  ligados(clienteId: string): Promise<readonly OutroCanal[]>;
}

/** A message that was taken back. */
export interface Retirada {
  readonly id: string;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly modelo: Modelo;
  readonly reservaId: string;
  readonly versao: number;
}

/** What happened to a message. */
export type TipoDeRegistro =
  | 'CRIADA'
  | 'ENVIADA'
  | 'TENTATIVA_FALHOU'
  | 'FALHOU'
  | 'SUPRIMIDA'
  // What the provider has told of a message that it took.
  | 'ENTREGUE'
  | 'NAO_ENTREGUE'
  | 'DEVOLVIDA'
  | 'RECLAMADA'
  | 'DESCADASTRADA';

/** One change of one message. Holds nothing that would have to be erased when the person leaves. */
export interface RegistroHistorico {
  readonly notificacaoId: string;
  /** 1 for the first change of a message, then 2, 3, ... */
  readonly sequencia: number;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly modelo: Modelo;
  readonly reservaId: string;
  readonly tipo: TipoDeRegistro;
  /** Masked; empty before the first attempt. */
  readonly destino: string;
  /** Why it failed, without addresses; empty when it did not. */
  readonly detalhe: string;
  readonly ocorridoEm: Date;
}

/** What happened to every message, for years: records are added, never changed, and nobody removes one that is not old. */
export interface HistoricoDeNotificacoes {
  /** Idempotent: a record with the same message and sequence that exists already wins. */
  registrar(...registros: readonly RegistroHistorico[]): Promise<void>;
}

export interface FiltroNotificacoes {
  readonly clienteId: string;
  /** All when empty. */
  readonly reservaId: string;
}

/** Reads for those the messages are for. */
export interface ConsultaDeNotificacoes {
  /** Those due by `agora`: newest first, at most `limite`, those after `depoisDe` when given. */
  listar(
    filtro: FiltroNotificacoes,
    agora: Date,
    limite: number,
    depoisDe: Posicao | undefined,
  ): Promise<NotificacaoListada[]>;
  /** Whether the address of this person is proved: of who has not proved it no welcome is told. */
  provada(clienteId: string): Promise<boolean>;
}
