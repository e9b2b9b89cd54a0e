import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import {
  type Calendario,
  CalendarioNaoEncontradoError,
  LimiteDeCalendariosError,
  MAXIMO_CALENDARIOS,
} from '../../domain/calendario.ts';
import { EspacoNaoEncontradoError } from '../../domain/espaco.ts';
import type { Leitor } from '../../domain/gestor.ts';
import type { Calendarios, TokensDeCalendario } from '../calendarios.ts';
import { comIdNovo } from '../id-novo.ts';
import type { Consultas } from '../ports.ts';

/** A feed with the secret of its address, which nobody can be told again. */
export interface CalendarioNovo {
  readonly calendario: Calendario;
  readonly token: string;
}

interface Deps {
  readonly calendarios: Calendarios;
  readonly consultas: Pick<Consultas, 'espaco'>;
  readonly tokens: TokensDeCalendario;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

export class CriarCalendarioHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param espacoId undefined for the owner's own reservations. */
  async execute(
    donoId: string,
    espacoId: string | undefined,
  ): Promise<Result<CalendarioNovo, EspacoNaoEncontradoError | LimiteDeCalendariosError>> {
    const { calendarios, consultas, tokens, ids, clock } = this.#deps;
    if (espacoId !== undefined && !(await consultas.espaco(espacoId)))
      return Result.fail(new EspacoNaoEncontradoError());
    const { token, impressao } = tokens.novo();
    return comIdNovo(ids, 'cal', async (id) => {
      const calendario = { id, donoId, espacoId, criadoEm: clock.now() };
      const criado = await calendarios.criar(calendario, impressao, MAXIMO_CALENDARIOS);
      return criado ? Result.ok({ calendario, token }) : Result.fail(new LimiteDeCalendariosError());
    });
  }
}

/** Ends a feed: its address answers nothing from now on. */
export class RevogarCalendarioHandler {
  readonly #deps: Pick<Deps, 'calendarios' | 'clock'>;

  constructor(deps: Pick<Deps, 'calendarios' | 'clock'>) {
    this.#deps = deps;
  }

  async execute(
    id: string,
    { id: quem, admin }: Leitor,
  ): Promise<Result<void, CalendarioNaoEncontradoError>> {
    const { calendarios, clock } = this.#deps;
    const revogado = await calendarios.revogar(id, admin ? undefined : quem, clock.now());
    return revogado ? Result.ok(undefined) : Result.fail(new CalendarioNaoEncontradoError());
  }
}
