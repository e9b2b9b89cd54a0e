import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../../reservas/domain/recusas-da-reserva.ts';
import { type EtapaDaSaga, etapasDaSaga } from '../domain/etapas-da-saga.ts';
import { type SituacaoDaSaga, situacaoDaSaga } from '../domain/situacao-da-saga.ts';
import type { ConsultaDeSagas } from './ports.ts';

/** Enough for a booking of every day; one whose charge was asked for hundreds of times shows its latest steps. */
const MAX_ETAPAS = 500;

export interface ObterSagaQuery {
  readonly reservaId: string;
}

export interface SagaView extends SituacaoDaSaga {
  readonly reserva: EstadoReserva;
  /** The last thing that went wrong. */
  readonly ultimoErro: EtapaDaSaga | undefined;
  readonly porPublicar: number;
  readonly etapas: readonly EtapaDaSaga[];
}

export class ObterSagaHandler {
  readonly #sagas: ConsultaDeSagas;
  readonly #clock: Clock;

  constructor({ sagas, clock }: { sagas: ConsultaDeSagas; clock: Clock }) {
    this.#sagas = sagas;
    this.#clock = clock;
  }

  async execute({ reservaId }: ObterSagaQuery): Promise<Result<SagaView, ReservaNaoEncontradaError>> {
    const registros = await this.#sagas.registros(reservaId, MAX_ETAPAS);
    if (!registros) return Result.fail(new ReservaNaoEncontradaError());
    const etapas = etapasDaSaga(registros).slice(-MAX_ETAPAS);
    const { reserva, porPublicar } = registros;
    const situacao = situacaoDaSaga(registros, this.#clock.now());
    return Result.ok({ ...situacao, reserva, porPublicar, etapas, ultimoErro: etapas.findLast(falhou) });
  }
}

function falhou({ fato, resultado, porque }: EtapaDaSaga): boolean {
  if (resultado === 'ADIADA' || resultado === 'RECUSADA' || fato === 'PagamentoRecusado') return true;
  return porque.startsWith('estorno falhou');
}
