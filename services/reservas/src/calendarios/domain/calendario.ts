import { Recusa } from '../../comum/domain/recusa.ts';

/** A feed that calendar programs subscribe to: the reservations of one customer, or of one space. */
export interface Calendario {
  readonly id: string;
  /** Who made it, and whose reservations it shows when it is of no space. */
  readonly donoId: string;
  readonly espacoId: string | undefined;
  readonly criadoEm: Date;
}

/** Feeds that one person may have at a time. */
export const MAXIMO_CALENDARIOS = 20;

/** Reservations that a feed shows at most: those nearest to now. */
export const MAXIMO_EVENTOS = 1_000;

const DIA_MS = 24 * 3_600_000;

/** What a feed looks at. */
export interface JanelaDeCalendario {
  readonly de: Date;
  readonly ate: Date;
  /** What was cancelled, or expired, before this instant is gone from the feed. */
  readonly encerradasDesde: Date;
  readonly agora: Date;
}

/** 90 days back and 400 ahead; for 30 days a cancelled reservation says that it is cancelled. */
export function janelaEm(agora: Date): JanelaDeCalendario {
  const dias = (quantos: number) => new Date(agora.getTime() + quantos * DIA_MS);
  return { agora, de: dias(-90), ate: dias(400), encerradasDesde: dias(-30) };
}

export class CalendarioNaoEncontradoError extends Recusa {
  readonly motivo = 'CALENDARIO_NAO_ENCONTRADO';

  constructor() {
    super('Calendário não encontrado. Crie outro se o endereço foi revogado.');
  }
}

export class LimiteDeCalendariosError extends Recusa {
  readonly motivo = 'LIMITE_DE_CALENDARIOS';

  constructor() {
    super(`Você já tem ${MAXIMO_CALENDARIOS} calendários. Revogue um deles para criar outro.`, {
      maximo: MAXIMO_CALENDARIOS,
    });
  }
}
