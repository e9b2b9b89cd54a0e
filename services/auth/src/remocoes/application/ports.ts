import type { Posicao } from '@plataforma/domain/page-token';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { Transacao as DasPessoas } from '../../pessoais/application/ports.ts';
import type { AutorDaRemocao, Parte, Relatorio, Remocao, Servico } from '../domain/remocao.ts';

/** Removals as they are now. */
export interface ConsultaDeRemocoes {
  daConta(usuarioId: string): Promise<Remocao | undefined>;
  comProtocolo(protocolo: string): Promise<Relatorio | undefined>;
  /** Newest first. */
  listar(
    filtro: FiltroDeRemocoes,
    depoisDe: Posicao | undefined,
    maximo: number,
  ): Promise<readonly Relatorio[]>;
}

/** Which removals; what is left out lets all through. */
export interface FiltroDeRemocoes {
  readonly usuarioId?: string | undefined;
  /** Only those for which a service has not answered. */
  readonly pendentes?: boolean;
}

/** What waits for an answer. */
export interface Pendencias {
  /** How many removals wait for each service. */
  readonly porServico: Readonly<Record<Servico, number>>;
  /** When the oldest of them was asked for. */
  readonly desde: Date | undefined;
}

/** An earlier sign-up of who has left. */
export interface Anterior {
  readonly usuarioId: string;
  /** The account that is gone. */
  readonly com: string;
  readonly por: AutorDaRemocao;
}

/** Removals, as one transaction makes them and follows them. */
export interface RemocoesRepository extends Pick<ConsultaDeRemocoes, 'daConta'> {
  /**
   * The account becomes a stone without a name, everything about it that is in this database goes or is told to stay, its
   * sessions are over in this service, and the others are told. What came of it is kept with the removal. If it has proved its
   * address, those go as well, soon, that it has superseded there ({@link proximaQueSai}).
   *
   * Call it with the account locked, as `UsuariosRepository.findToChange` does.
   */
  remover(remocao: Remocao): Promise<void>;
  /** An account that goes because another one has gone, with which it was superseded; not locked. */
  proximaQueSai(): Promise<Anterior | undefined>;
  /**
   * A service is done. The first answer of each stands, to which auth adds what its transaction has noted before; the last one ends
   * the removal. False when there is no such removal.
   */
  concluir(usuarioId: string, parte: Omit<Parte, 'concluidaEm'>, em: Date): Promise<boolean>;
}

/** Protocols of removals. */
export interface Protocolos {
  /** One that nobody guesses. */
  novo(): string;
}

/** What one transaction sees. */
export interface TransacaoDasRemocoes {
  readonly remocoes: RemocoesRepository;
}

export type Transacao = DasContas & DosFatores & DaAuditoria & DasPessoas & TransacaoDasRemocoes;
