import type { Result } from '@plataforma/domain/result';
import type { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import type { AcessoNegadoError } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type {
  Calendario,
  CalendarioNaoEncontradoError,
  JanelaDeCalendario,
  LimiteDeCalendariosError,
} from '../domain/calendario.ts';

/** A feed that is being made. */
export interface CalendarioNovo extends Calendario {
  /** What its address is found by. */
  readonly impressao: Buffer;
  /** What its address is made from: the call that makes it can show it again. */
  readonly semente: string;
  /** Of the owner's sessions, that it is made in. */
  readonly geracao: number;
  /** True when ADMIN makes it, for whom no space has to be assigned. */
  readonly porAdmin: boolean;
}

/** Feeds as they are stored. Those whose owner lost the right to them are as good as revoked. */
export interface CalendariosRepository {
  /** @throws IdRepetidoError when the identity is taken. */
  add(
    calendario: CalendarioNovo,
    maximo: number,
  ): Promise<Result<void, AcessoNegadoError | ClienteNaoEncontradoError | LimiteDeCalendariosError>>;
  /** Newest first. */
  ativosDe(donoId: string): Promise<Calendario[]>;
  /** Idempotent. Fails when there is none, or it is not of this owner; undefined stands for any owner. */
  revogar(
    id: string,
    donoId: string | undefined,
    em: Date,
  ): Promise<Result<void, CalendarioNaoEncontradoError>>;
  /** All of a person. */
  revogarTodos(donoId: string, em: Date): Promise<void>;
  /** All that were made in sessions of earlier generations. */
  revogarAnteriores(donoId: string, geracao: number, em: Date): Promise<void>;
  /** Those of spaces, except, when `salvoAtribuidos`, of spaces that the person runs. */
  revogarDeEspacos(donoId: string, salvoAtribuidos: boolean, em: Date): Promise<void>;
  /** Only while it is not revoked. */
  porImpressao(impressao: Buffer): Promise<Calendario | undefined>;
  /**
   * What the feed shows, by start: at most `maximo`, those nearest to now. Holds that ended unpaid were never certain, and
   * are not shown.
   */
  reservas(calendario: Calendario, janela: JanelaDeCalendario, maximo: number): Promise<EstadoReserva[]>;
  /** When a reservation within the window last changed, also one that is not shown any more; undefined without any. */
  alteradoEm(calendario: Calendario, janela: JanelaDeCalendario): Promise<Date | undefined>;
}

/** The secret in the address of a feed, and what it is found by afterwards. */
export interface TokenDeCalendario {
  readonly token: string;
  readonly impressao: Buffer;
}

/** Makes the secrets in the addresses of feeds. */
export interface TokensDeCalendario {
  /** A new one. It is stored nowhere, and its seed only with the key of the call that it was made for. */
  novo(): TokenDeCalendario & { readonly semente: string };
  /** Those that the seed may have been made into, by each of the keys. */
  deSemente(semente: string): TokenDeCalendario[];
  /** Undefined for a token that was not made here; no storage is asked. */
  impressao(token: string): Buffer | undefined;
}
