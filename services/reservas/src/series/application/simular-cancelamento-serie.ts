import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { verificarExcecao } from '../../cancelamentos/application/excecao.ts';
import type { SaldosDePagamentos } from '../../cancelamentos/application/ports.ts';
import { comSaldo, saldosDe } from '../../cancelamentos/application/saldos.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { escolherOcorrencias } from '../domain/escopo-cancelamento.ts';
import {
  type CancelamentoDeOcorrencia,
  type CancelarSerieCommand,
  julgarOcorrencia,
} from './cancelar-serie.ts';
import type { Transacao } from './ports.ts';
import type { SeriesQueries } from './series-queries.ts';

export type SimularCancelamentoSerieQuery = Omit<CancelarSerieCommand, 'motivo'>;

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly series: Pick<SeriesQueries, 'findById'>;
  readonly pagamentos: SaldosDePagamentos;
  readonly clock: Clock;
}

/** Stands for the reason that an admin would give. */
const MOTIVO = 'simulação';

/** What cancelling occurrences now would give back; nothing is changed. */
export class SimularCancelamentoSerieHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    serieId,
    escopo,
    reservaId,
    solicitante,
    excecao,
  }: SimularCancelamentoSerieQuery): Promise<Result<CancelamentoDeOcorrencia[], Recusa>> {
    const serie = await this.#deps.series.findById(serieId, solicitante);
    if (serie.isFailure) return serie;
    const cabe = await this.#deps.uow.run((tx) =>
      verificarExcecao(tx, 'SimularCancelamentoSerie.excepcional', serie.value.serie, {
        solicitante,
        excecao,
      }),
    );
    if (cabe.isFailure) return cabe;
    const escolhidas = escolherOcorrencias(serie.value.reservas, escopo, reservaId);
    if (escolhidas.isFailure) return escolhidas;
    const saldos = await saldosDe(this.#deps.pagamentos, escolhidas.value);
    const agora = this.#deps.clock.now();
    const pedido = { solicitante, motivo: MOTIVO, excecao };
    return Result.ok(
      escolhidas.value.map((reserva) => ({
        reserva,
        resultado: julgarOcorrencia(comSaldo(reserva, saldos), pedido, agora),
      })),
    );
  }
}
