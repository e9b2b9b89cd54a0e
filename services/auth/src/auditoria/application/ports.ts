import type { Posicao } from '@plataforma/domain/page-token';
import type { EventoDeSeguranca, TipoEvento } from '../domain/evento-de-seguranca.ts';

/** Records security events, for good. */
export interface Auditoria {
  /** Within a transaction: exactly if that commits. Rejects when it cannot be recorded. */
  registrar(evento: EventoDeSeguranca): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly auditoria: Auditoria;
}

/** An event as it was recorded. */
export interface EventoRegistrado extends EventoDeSeguranca {
  readonly id: string;
}

/** Which events; what is left out lets all through. */
export interface FiltroDeEventos {
  readonly usuarioId?: string | undefined;
  readonly autorId?: string | undefined;
  readonly tipo?: TipoEvento | undefined;
  readonly inicio?: Date | undefined;
  /** Not included. */
  readonly fim?: Date | undefined;
}

/** Recorded events, newest first. */
export interface ConsultaDeEventos {
  listar(
    filtro: FiltroDeEventos,
    depoisDe: Posicao | undefined,
    maximo: number,
  ): Promise<readonly EventoRegistrado[]>;
}

/** Who has proved that the address of their account is theirs. */
export interface Titulares {
  verificou(usuarioId: string): Promise<boolean>;
}

/** What operators are told about security events. */
export interface ObservadorDaAuditoria {
  aconteceu(evento: Pick<EventoDeSeguranca, 'tipo' | 'resultado'>): void;
}
