import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { Calendario, JanelaDeCalendario } from '../domain/calendario.ts';

/** A feed that is being made. */
export interface CalendarioNovo extends Calendario {
  /** What its address is found by. */
  readonly impressao: Buffer;
  /** True when ADMIN makes it, for whom no space has to be assigned. */
  readonly porAdmin: boolean;
}

/** What became of it: made, or the owner has as many as allowed, or does not run the space any more. */
export type Criacao = 'CRIADO' | 'DEMAIS' | 'NAO_GERE';

/** Feeds as they are stored. Those whose owner lost the right to them are as good as revoked. */
export interface CalendariosRepository {
  /** @throws IdRepetidoError when the identity is taken. */
  criar(calendario: CalendarioNovo, maximo: number): Promise<Criacao>;
  /** Newest first. */
  ativosDe(donoId: string): Promise<Calendario[]>;
  /** Idempotent. False when there is none, or it is not of this owner; undefined stands for any owner. */
  revogar(id: string, donoId: string | undefined, em: Date): Promise<boolean>;
  /** All of a person. */
  revogarTodos(donoId: string, em: Date): Promise<void>;
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

/** The secret in the address of a feed. */
export interface TokensDeCalendario {
  /** A new one, and what it is found by afterwards: the token itself is stored nowhere. */
  novo(): { readonly token: string; readonly impressao: Buffer };
  /** Undefined for a token that was not made here; no storage is asked. */
  impressao(token: string): Buffer | undefined;
}
