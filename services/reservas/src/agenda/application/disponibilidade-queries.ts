import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { ConsultaDeEspacos } from '../../espacos/application/ports.ts';
import { Espaco, EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { MINUTO_MS, PeriodoInvalidoError, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { alcance, intervalosLivres } from '../domain/intervalos-livres.ts';
import type { Agendas } from './ports.ts';

/** 31 days on the calendar, of which one may be an hour longer. */
const MAXIMO_MS = (31 * 1440 + 60) * MINUTO_MS;

interface Deps {
  readonly consulta: Pick<ConsultaDeEspacos, 'espaco'>;
  readonly agendas: Agendas;
  readonly clock: Clock;
}

/** When a space is free. Nothing that is answered here is promised: a booking looks for itself. */
export class DisponibilidadeQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async consultar(
    espacoId: string,
    inicio: Date,
    fim: Date,
  ): Promise<Result<PeriodoReserva[], EspacoNaoEncontradoError | PeriodoInvalidoError>> {
    const periodo = PeriodoReserva.create(inicio, fim);
    if (periodo.isFailure) return periodo;
    if (periodo.value.duracaoMs > MAXIMO_MS)
      return Result.fail(new PeriodoInvalidoError('Consulte no máximo 31 dias de cada vez.'));
    const { consulta, agendas, clock } = this.#deps;
    const estado = await consulta.espaco(espacoId);
    if (!estado) return Result.fail(new EspacoNaoEncontradoError());
    const espaco = Espaco.restaurar(estado);
    if (!alcance(espaco, inicio, fim, clock.now())) return Result.ok([]);
    const agenda = await agendas.entre(espacoId, inicio, fim);
    return Result.ok(intervalosLivres({ espaco, ...agenda }, inicio, fim, clock.now()));
  }
}
