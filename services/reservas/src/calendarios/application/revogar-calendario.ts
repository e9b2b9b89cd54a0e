import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import type { CalendarioNaoEncontradoError } from '../domain/calendario.ts';
import type { CalendariosRepository } from './ports.ts';

export interface RevogarCalendarioCommand {
  readonly calendarioId: string;
  readonly solicitante: Solicitante;
}

interface Deps {
  readonly calendarios: CalendariosRepository;
  readonly clock: Clock;
}

/** Ends a feed: its address answers nothing from now on. */
export class RevogarCalendarioHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: RevogarCalendarioCommand): Promise<Result<void, CalendarioNaoEncontradoError>> {
    const { calendarios, clock } = this.#deps;
    const { id: quem, admin } = command.solicitante;
    return calendarios.revogar(command.calendarioId, admin ? undefined : quem, clock.now());
  }
}
