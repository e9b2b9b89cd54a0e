import type { Posicao } from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import type { TipoEspaco } from '../domain/dados-espaco.ts';
import type { EspacoNaoEncontradoError, EstadoEspaco } from '../domain/espaco.ts';
import type { Fechamento } from '../domain/fechamento.ts';
import type { Gestor } from '../domain/gestor.ts';
import type { EspacosRepository, FechamentosRepository } from '../domain/repositories.ts';

/** What changes of spaces need of their transaction. */
export interface Transacao {
  readonly espacos: EspacosRepository;
  readonly fechamentos: FechamentosRepository;
  readonly reservas: TravaDeEspacos;
}

/** The lock that bookings of a space take. */
export interface TravaDeEspacos {
  /** Until the transaction ends. */
  travarEspaco(espacoId: string): Promise<void>;
}

export interface FiltroEspacos {
  readonly tipo: TipoEspaco | undefined;
  readonly capacidadeMinima: number;
  readonly incluirInativos: boolean;
}

/** Reads of spaces and closures that need no transaction. */
export interface ConsultaDeEspacos {
  espaco(id: string): Promise<EstadoEspaco | undefined>;
  /** By name. */
  espacos(filtro: FiltroEspacos, maximo: number, depoisDe: Posicao | undefined): Promise<EstadoEspaco[]>;
  fechamento(id: string): Promise<Fechamento | undefined>;
  /** By start. */
  fechamentos(espacoId: string, maximo: number, depoisDe: Posicao | undefined): Promise<Fechamento[]>;
}

/** Who runs which space. */
export interface GestoresRepository {
  /** Keeps an assignment that exists already. @returns the one in force */
  atribuir(gestor: Gestor): Promise<Result<Gestor, EspacoNaoEncontradoError | ClienteNaoEncontradoError>>;
  findById(espacoId: string, usuarioId: string): Promise<Gestor | undefined>;
  /** Also revokes the person's calendar feeds of the space. Nothing happens when they do not run it. */
  remover(espacoId: string, usuarioId: string, em: Date): Promise<void>;
  /** By the identity of the person. */
  doEspaco(espacoId: string, maximo: number, depoisDe: Posicao | undefined): Promise<Gestor[]>;
  espacosDe(usuarioId: string): Promise<ReadonlySet<string>>;
}
