import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { escolherOcorrencias } from '../../domain/escopo-cancelamento.ts';
import type { Recusa } from '../../domain/motivo.ts';
import { exigirPoder } from '../../domain/poderes.ts';
import {
  type CancelamentoDeOcorrencia,
  type CancelarSerieCommand,
  julgarOcorrencia,
} from '../commands/cancelar-serie.ts';
import type { SeriesQueries } from './series.ts';

interface Deps {
  readonly series: Pick<SeriesQueries, 'obter'>;
  readonly clock: Clock;
}

/** Stands for the reason that an admin would give. */
const MOTIVO = 'simulação';

/** What cancelling occurrences now would give back; nothing is changed. */
export class SimularCancelamentoSerieQueryHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    serieId,
    escopo,
    reservaId,
    leitor,
    excecao,
  }: Omit<CancelarSerieCommand, 'motivo'>): Promise<Result<CancelamentoDeOcorrencia[], Recusa>> {
    const serie = await this.#deps.series.obter(serieId, leitor);
    if (serie.isFailure) return serie;
    const { espacoId } = serie.value.serie;
    const pode = excecao && exigirPoder('SimularCancelamentoSerie.excepcional', leitor, espacoId);
    if (pode?.isFailure) return pode;
    const escolhidas = escolherOcorrencias(serie.value.reservas, escopo, reservaId);
    if (escolhidas.isFailure) return escolhidas;
    const agora = this.#deps.clock.now();
    const pedido = { leitor, motivo: MOTIVO, excecao };
    return Result.ok(
      escolhidas.value.map((reserva) => ({ reserva, resultado: julgarOcorrencia(reserva, pedido, agora) })),
    );
  }
}
