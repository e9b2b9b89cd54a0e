import type { PutOff } from '@plataforma/domain/work-queue';
import type { RegistroHistorico } from '../../mensagens/application/ports.ts';

/** A record as it is read: where a message went stands with the message, which can forget it. */
export type RegistroLido = Omit<RegistroHistorico, 'destino'>;

/** Which records to read; at least one of the first two is given. */
export interface FiltroHistorico {
  /** Of this person; of everybody when empty. */
  readonly clienteId: string;
  /** Of this message; of all when empty. */
  readonly notificacaoId: string;
  /** Whether codes that prove an address are told of, too. */
  readonly boasVindas: boolean;
}

/** A record in the order of the list: newest first. */
export type LugarNoHistorico = Pick<RegistroLido, 'ocorridoEm' | 'notificacaoId' | 'sequencia'>;

/** Reads of the history. */
export interface ConsultaDeHistorico {
  /** Newest first, at most `limite`, those after `depoisDe` when given. */
  listar(
    filtro: FiltroHistorico,
    limite: number,
    depoisDe: LugarNoHistorico | undefined,
  ): Promise<RegistroLido[]>;
}

/** What the history is copied to: records are added, never changed or removed. */
export interface ArquivoDeHistorico {
  /**
   * Idempotent: a record with the same message and sequence that is there already wins.
   *
   * @returns those that it will not take as they are, and why; all others are kept for good
   * @throws ProviderAwayError when it cannot be known what was kept
   */
  acrescentar(registros: readonly RegistroLido[]): Promise<readonly Recusado[]>;
}

export interface Recusado {
  readonly registro: RegistroLido;
  readonly erro: Error;
}

/** The records that are still to be copied. A record comes in by the transaction that writes it. */
export interface FilaDeCopia {
  /** At most so many, the longest due first. */
  devidos(limite: number): Promise<RegistroLido[]>;
  copiados(registros: readonly RegistroLido[]): Promise<void>;
  /** Leaves a record that was refused alone for a while, longer each time. */
  adiar(recusado: Recusado): Promise<PutOff>;
  /** Has a record that was refused tried again later. */
  incluir(recusado: Recusado): Promise<void>;
}

/** The history from before there was something to copy it to, in the order of its key. */
export interface HistoricoAnterior {
  /** How far the migration is; undefined when it never began. */
  andamento(): Promise<AndamentoDaMigracao | undefined>;
  depoisDe(lugar: ChaveDeRegistro, limite: number): Promise<RegistroLido[]>;
  anotar(andamento: AndamentoDaMigracao, completa: boolean): Promise<void>;
}

export type ChaveDeRegistro = Pick<RegistroLido, 'notificacaoId' | 'sequencia'>;

export interface AndamentoDaMigracao extends ChaveDeRegistro {
  readonly copiados: number;
}
