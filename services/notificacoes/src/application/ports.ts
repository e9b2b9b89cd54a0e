import type { Result } from '@plataforma/domain/result';
import type {
  Canal,
  Modelo,
  ModeloComDados,
  NotificacaoListada,
  NovaNotificacao,
} from '../domain/notificacao.ts';
import type { TipoFalha } from '../domain/politica-envio.ts';

import type { Preferencias } from '../domain/preferencias.ts';
import type { ReservaAcompanhada } from '../domain/reserva-acompanhada.ts';
import type { Resumo } from '../domain/resumo.ts';

/** A person as the platform writes to them. */
export interface Contato {
  readonly nome: string;
  readonly email: string;
}

/** State of a person's account at one version of it. */
export interface VersaoDeContato extends Contato {
  readonly usuarioId: string;
  readonly versao: number;
  /** Whether the address is proved to be theirs; known once, it stays so while the address does. */
  readonly verificado: boolean;
}

/** Copy of what auth says about people: the only place of this service with names and whole addresses. */
export interface Contatos {
  /**
   * Without effect when a newer version is known or the person is gone. Until the end of the transaction nobody writes a
   * message to them. Answers whether the address, as it is known now, is verified; also true when the person is gone.
   */
  guardar(contato: VersaoDeContato, em: Date): Promise<boolean>;
  /** Erases name and address for good; only that the person existed stays known. */
  apagar(usuarioId: string, em: Date): Promise<void>;
}

/** A message that this process, and nobody else until its lease ends, may hand to the provider. */
export type NotificacaoTomada = ModeloComDados & {
  readonly id: string;
  /** Proof of the lease. */
  readonly posse: string;
  readonly clienteId: string;
  readonly canal: Canal;
  readonly reservaId: string;
  readonly assunto: string;
  /** What goes with it, if that was taken with it; undefined when it goes alone. */
  readonly grupo: string | undefined;
  readonly recusas: number;
  readonly adiamentos: number;
  readonly criadaEm: Date;
  readonly devidaEm: Date;
  /** No news any more from then on. */
  readonly validaAte: Date | undefined;
  /** Undefined when the person is gone. */
  readonly contato: Contato | undefined;
  /** As they are at this moment. */
  readonly preferencias: Omit<Preferencias, 'telefone'>;
};

/** The messages and where each of them is on its way. */
export interface FilaNotificacoes {
  /**
   * False when the message about this fact exists already. What nobody may send yet, because the addressee is not known
   * or not verified, is held back.
   *
   * @throws IdRepetidoError when another message has this identity.
   */
  inserir(notificacao: NovaNotificacao): Promise<boolean>;
  /**
   * Gives the same message other words and another time, as long as nobody has taken it to send it. False when it is not
   * there, or gone.
   */
  substituir(notificacao: NovaNotificacao): Promise<boolean>;
  /** Whether there is a message of this model about the reservation, wherever it is on its way. */
  existe(reservaId: string, modelo: Modelo): Promise<boolean>;
  /**
   * Takes back the messages of these models that nobody has accepted yet, leased ones too: if the provider accepts one
   * all the same, that fact is noted, but no attempt follows.
   */
  retirar(reservaId: string, modelos: readonly Modelo[]): Promise<Retirada[]>;
  /** Takes back the codes of this account that are not to be sent before later. */
  retirarCodigos(clienteId: string, agora: Date): Promise<Retirada[]>;
  /** What was held back for this person is held back no more, or what was not is; an address is verified as it is. */
  reter(clienteId: string, reter: boolean): Promise<void>;
  /** Gives up what has been held back since before `antesDe`, the oldest first. */
  descartarRetidas(antesDe: Date, limite: number): Promise<Retirada[]>;
  /**
   * Counts a message among those of its share and day, once; false when there is no more of that. Days that are over are
   * forgotten by and by.
   */
  contar(
    tomada: NotificacaoTomada,
    pedido: { readonly dia: string; readonly limite: number; readonly cota: string },
  ): Promise<boolean>;
  /** The message goes back as it was, due at `ate`, and is not counted. */
  guardarPara(tomada: NotificacaoTomada, ate: Date): Promise<void>;
  /**
   * Leases messages that are due until `ate`, of those that are not held back; with each of a group those of that group
   * that are due within the time of a digest, so that no two senders have parts of it.
   */
  tomar(pedido: { limite: number; agora: Date; ate: Date }): Promise<NotificacaoTomada[]>;
  /**
   * Whoever holds the lease: that the provider has accepted the message is a fact. Answers the new version, or
   * undefined when it is noted already.
   */
  marcarEnviada(id: string, fato: { destino: string; em: Date }): Promise<number | undefined>;
  /** The others need the lease and answer undefined without it. */
  marcarFalha(tomada: NotificacaoTomada, destino: string): Promise<number | undefined>;
  marcarSuprimida(tomada: NotificacaoTomada): Promise<number | undefined>;
  repetir(tomada: NotificacaoTomada, destino: string, ate: Date): Promise<number | undefined>;
  /** Erases what this person may have written in their own words; the messages stay. They must not be sent any more. */
  esquecer(clienteId: string): Promise<void>;
  /** The message goes back as it was, due at `ate`. */
  adiar(tomada: NotificacaoTomada, ate: Date): Promise<void>;
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

/** What is known of reservations. */
export interface Reservas {
  /** Also of one that was never heard of. Nobody else opens the same one before the end of the transaction. */
  abrir(reservaId: string): Promise<ReservaAcompanhada>;
  /** Of one that this transaction has opened. */
  guardar(reserva: ReservaAcompanhada): Promise<void>;
}

/** Preferences and since when they hold; undefined while they are those of the start. */
export interface PreferenciasGuardadas extends Preferencias {
  readonly atualizadasEm: Date | undefined;
}

/** What people want to be told. */
export interface PreferenciasDosClientes {
  /** Undefined when the person has never said anything. */
  obter(clienteId: string): Promise<PreferenciasGuardadas | undefined>;
  /** Without effect when the person is gone. */
  guardar(clienteId: string, preferencias: Preferencias, em: Date): Promise<void>;
  apagar(clienteId: string): Promise<void>;
}

/** What happened to a message. */
export type TipoDeRegistro = 'CRIADA' | 'ENVIADA' | 'TENTATIVA_FALHOU' | 'FALHOU' | 'SUPRIMIDA';

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

/**
 * What happened to every message, for ever: records are added, never changed or removed. Adapters must pass
 * `test/support/historico-contract.ts`.
 */
export interface HistoricoNotificacoes {
  /** Idempotent: a record with the same message and sequence that exists already wins. */
  registrar(registro: RegistroHistorico): Promise<void>;
  /** In the order of `sequencia`. */
  daNotificacao(notificacaoId: string): Promise<RegistroHistorico[]>;
}

/** The provider has accepted a message: news for other services. */
export interface NotificacaoEnviada {
  readonly notificacao: NotificacaoTomada;
  readonly versao: number;
  readonly em: Date;
}

/** What one transaction sees. */
export interface Transacao {
  readonly fila: FilaNotificacoes;
  readonly contatos: Contatos;
  readonly reservas: Reservas;
  readonly preferencias: PreferenciasDosClientes;
  readonly historico: HistoricoNotificacoes;
  publicar(fato: NotificacaoEnviada): Promise<void>;
}

export interface UnitOfWork {
  /** One transaction; what `work` throws rolls it back. `work` may run again after a deadlock. */
  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T>;
  /** False when this consumer has handled the message before; then `work` does not run. */
  runOnce(consumidor: string, mensagemId: string, work: (tx: Transacao) => Promise<void>): Promise<boolean>;
}

/** The identity that was to be given to something new belongs to something else. */
export class IdRepetidoError extends Error {
  override readonly name = 'IdRepetidoError';
}

/** What a message says, ready to be sent. */
export interface Conteudo {
  readonly html: string;
  readonly texto: string;
  readonly anexos: readonly Anexo[];
}

/** A file that goes with a message. */
export interface Anexo {
  readonly nome: string;
  /** Media type with its parameters. */
  readonly tipo: string;
  readonly conteudo: string;
}

/** The templates. */
export interface Modelos {
  assunto(mensagem: ModeloComDados): string;
  renderizar(mensagem: ModeloComDados, nome: string): Conteudo;
  /** Several messages in one. */
  resumir(resumo: Resumo, nome: string): Conteudo & { readonly assunto: string };
}

export interface Mensagem extends Conteudo {
  /** Identity of the notification: a second copy of the same one is recognisable as such. */
  readonly id: string;
  readonly para: Contato;
  readonly assunto: string;
}

/** The provider did not accept a message. The message of the error names no address. */
export class FalhaDeEnvioError extends Error {
  override readonly name = 'FalhaDeEnvioError';
  readonly tipo: TipoFalha;

  constructor(tipo: TipoFalha, message: string) {
    super(message);
    this.tipo = tipo;
  }
}

export interface Carteiro {
  /** Succeeds when the provider has taken over the responsibility for the message. Never takes a minute. */
  enviar(mensagem: Mensagem): Promise<Result<void, FalhaDeEnvioError>>;
}

/** What operators count. */
export interface Observador {
  enviada(notificacao: NotificacaoTomada, em: Date): void;
  recusada(notificacao: NotificacaoTomada, falha: FalhaDeEnvioError): void;
  desistiu(notificacao: NotificacaoTomada, falha: FalhaDeEnvioError): void;
  /** The message is sent, and for the `vezes`th time in a row the database could not be told. */
  semMarca(notificacao: NotificacaoTomada, vezes: number, causa: unknown): void;
}

/** Place of a message in its list. */
export interface Posicao {
  readonly criadaEm: Date;
  readonly id: string;
}

export interface FiltroNotificacoes {
  readonly clienteId: string;
  /** All when empty. */
  readonly reservaId: string;
}

/** Reads for those the messages are for. */
export interface ConsultaNotificacoes {
  /** Those due by `agora`: newest first, at most `limite`, those after `depoisDe` when given. */
  listar(
    filtro: FiltroNotificacoes,
    agora: Date,
    limite: number,
    depoisDe: Posicao | undefined,
  ): Promise<NotificacaoListada[]>;
}
