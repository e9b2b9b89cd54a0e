import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { escolherOcorrencias } from '../../domain/escopo-cancelamento.ts';
import type { Recusa } from '../../domain/motivo.ts';
import {
  type CancelamentoDeOcorrencia,
  type CancelarSerieCommand,
  julgarOcorrencia,
} from '../commands/cancelar-serie.ts';
import { verificarExcecao } from '../excecao.ts';
import type { SaldosDePagamentos, UnitOfWork } from '../ports.ts';
import { comSaldo, saldosDe } from '../saldos.ts';
import type { SeriesQueries } from './series.ts';

interface Deps {
  readonly uow: UnitOfWork;
  readonly series: Pick<SeriesQueries, 'obter'>;
  readonly pagamentos: SaldosDePagamentos;
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
    const cabe = await this.#deps.uow.run((tx) =>
      verificarExcecao(tx, 'SimularCancelamentoSerie.excepcional', serie.value.serie, { leitor, excecao }),
    );
    if (cabe.isFailure) return cabe;
    const escolhidas = escolherOcorrencias(serie.value.reservas, escopo, reservaId);
    if (escolhidas.isFailure) return escolhidas;
    const saldos = await saldosDe(this.#deps.pagamentos, escolhidas.value);
    const agora = this.#deps.clock.now();
    const pedido = { leitor, motivo: MOTIVO, excecao };
    return Result.ok(
      escolhidas.value.map((reserva) => ({
        reserva,
        resultado: julgarOcorrencia(comSaldo(reserva, saldos), pedido, agora),
      })),
    );
  }
}
