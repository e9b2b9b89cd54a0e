import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { AcessoNegadoError, type Solicitante } from '../../contas/domain/solicitante.ts';
import type { ConsultaDeEspacos } from '../../espacos/application/ports.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { type Calendario, LimiteDeCalendariosError, MAXIMO_CALENDARIOS } from '../domain/calendario.ts';
import type { CalendariosRepository, TokensDeCalendario } from './ports.ts';

/** A feed with the secret of its address, which is told this once. */
export interface CalendarioCriado {
  readonly calendario: Calendario;
  readonly token: string;
}

interface Deps {
  readonly calendarios: CalendariosRepository;
  readonly consulta: Pick<ConsultaDeEspacos, 'espaco'>;
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
    { id: donoId, admin }: Solicitante,
    espacoId: string | undefined,
  ): Promise<Result<CalendarioCriado, Recusa>> {
    const { calendarios, consulta, tokens, ids, clock } = this.#deps;
    if (espacoId !== undefined && !(await consulta.espaco(espacoId)))
      return Result.fail(new EspacoNaoEncontradoError());
    const { token, impressao } = tokens.novo();
    return withNewId(ids, 'cal', async (id) => {
      const calendario = { id, donoId, espacoId, criadoEm: clock.now() };
      const criacao = await calendarios.criar(
        { ...calendario, impressao, porAdmin: admin },
        MAXIMO_CALENDARIOS,
      );
      if (criacao === 'NAO_GERE')
        return Result.fail(new AcessoNegadoError('Você não gere mais este espaço.'));
      return criacao === 'CRIADO'
        ? Result.ok({ calendario, token })
        : Result.fail(new LimiteDeCalendariosError());
    });
  }
}
