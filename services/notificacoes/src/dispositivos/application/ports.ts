import type { Result } from '@plataforma/domain/result';
import type { Aparelho } from '../../canais/domain/push.ts';
import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { Dispositivo } from '../domain/dispositivo.ts';
import type { InscricaoPushInvalidaError, PushNaoOferecidoError } from '../domain/recusa.ts';

/** By whom a device is registered. */
export interface Registrante {
  readonly clienteId: string;
  readonly sessaoId: string;
  /** Of their sessions. */
  readonly geracao: number;
  /** When the session began; undefined where its token does not say. */
  readonly autenticadoEm?: Date | undefined;
}

/** A device to register. */
export interface DispositivoNovo extends Registrante {
  readonly id: string;
  readonly nome: string;
  readonly aparelho: Aparelho;
  readonly em: Date;
  /** It ends then, unless it is registered again. */
  readonly sessaoAte: Date;
}

/** Devices as they are stored. */
export interface DispositivosRepository {
  /**
   * Keeps every other registration of this person, the end of their sessions and their removal waiting until the transaction ends.
   * False when any of that has come before.
   */
  travar(quem: Registrante): Promise<boolean>;
  /** Whether this person has registered this one already. */
  conhece(clienteId: string, aparelho: Aparelho): Promise<boolean>;
  /** New ones of this person since then, also those that are gone. */
  novosDesde(clienteId: string, desde: Date): Promise<number>;
  /** Registers it, or once more, and takes it from whomever it was of. Of more than `maximo` those that were registered first go. */
  registrar(novo: DispositivoNovo, maximo: number): Promise<Dispositivo>;
  findById(id: string, clienteId: string): Promise<Dispositivo | undefined>;
  /** The one that was registered last first; none whose session must have ended by now. */
  doCliente(clienteId: string, agora: Date): Promise<Dispositivo[]>;
  /** False when this person has none such. */
  remover(id: string, clienteId: string): Promise<boolean>;
  /** All of a person; answers how many. */
  removerTodos(clienteId: string): Promise<number>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly dispositivos: DispositivosRepository;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}

/** A subscription as its client gives it: one of both. */
export interface InscricaoPedida {
  /** Empty when it is none of FCM. */
  readonly tokenFcm: string;
  readonly webPush:
    | {
        readonly endpoint: string;
        readonly p256dh: string;
        readonly auth: string;
        /** Empty for the present one. */
        readonly chavePublica: string;
      }
    | undefined;
}

/** What the platform sends push messages by. */
export interface OfertaDePush {
  /** What browsers subscribe with; undefined when they are not sent to. */
  readonly chavePublica: string | undefined;
  /** Says whether anything could be sent there. */
  ler(pedida: InscricaoPedida): Result<Aparelho, InscricaoPushInvalidaError | PushNaoOferecidoError>;
}
