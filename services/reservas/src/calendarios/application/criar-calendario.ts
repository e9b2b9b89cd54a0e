import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { Recusa } from '../../comum/domain/recusa.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import type { ConsultaDeEspacos } from '../../espacos/application/ports.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { type Calendario, CalendarioNaoEncontradoError, MAXIMO_CALENDARIOS } from '../domain/calendario.ts';
import type { CalendariosRepository, TokensDeCalendario } from './ports.ts';

export interface CriarCalendarioCommand {
  readonly solicitante: Solicitante;
  /** Of the caller's sessions: the feed ends with them. */
  readonly geracao: number;
  /** Undefined for the owner's own reservations. */
  readonly espacoId: string | undefined;
}

/** A feed with the secret of its address, which is told to the call that makes it and to none besides. */
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

  async execute({
    solicitante,
    geracao,
    espacoId,
  }: CriarCalendarioCommand): Promise<Result<CalendarioCriado, Recusa>> {
    const { calendarios, consulta, tokens, ids, clock } = this.#deps;
    if (espacoId !== undefined && !(await consulta.espaco(espacoId)))
      return Result.fail(new EspacoNaoEncontradoError());
    const { id: donoId, admin } = solicitante;
    const { token, ...novo } = tokens.novo();
    return withNewId(ids, 'cal', async (id) => {
      const calendario = { id, donoId, espacoId, criadoEm: clock.now() };
      const criado = await calendarios.add(
        { ...calendario, ...novo, geracao, porAdmin: admin },
        MAXIMO_CALENDARIOS,
      );
      return criado.isFailure ? criado : Result.ok({ calendario, token });
    });
  }

  /** What an earlier attempt of the same call has made, with the same address. */
  async repeat(semente: string): Promise<Result<CalendarioCriado, CalendarioNaoEncontradoError>> {
    const { calendarios, tokens } = this.#deps;
    for (const { token, impressao } of tokens.deSemente(semente)) {
      const calendario = await calendarios.porImpressao(impressao);
      if (calendario) return Result.ok({ calendario, token });
    }
    return Result.fail(new CalendarioNaoEncontradoError());
  }
}
