import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { CalendarioNaoEncontradoError } from '../domain/calendario.ts';
import type { CalendariosRepository } from './ports.ts';

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

  async execute(
    id: string,
    { id: quem, admin }: Solicitante,
  ): Promise<Result<void, CalendarioNaoEncontradoError>> {
    const { calendarios, clock } = this.#deps;
    const revogado = await calendarios.revogar(id, admin ? undefined : quem, clock.now());
    return revogado ? Result.ok(undefined) : Result.fail(new CalendarioNaoEncontradoError());
  }
}
