import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { Avaliacao } from '../../domain/avaliar-cancelamento.ts';
import { AcessoNegadoError, type Leitor } from '../../domain/gestor.ts';
import type { ExcecaoCancelamento } from '../../domain/politica-cancelamento.ts';
import { type ReservaNaoEncontradaError, TransicaoInvalidaError } from '../../domain/reserva.ts';
import { avaliar } from '../commands/cancelar-reserva.ts';
import type { ReservasQueries } from './reservas.ts';

interface Deps {
  readonly reservas: Pick<ReservasQueries, 'obter'>;
  readonly clock: Clock;
}

export interface SimularCancelamentoQuery {
  readonly reservaId: string;
  readonly leitor: Leitor;
  readonly excecao: ExcecaoCancelamento | undefined;
}

export interface Simulacao extends Avaliacao {
  readonly permitido: boolean;
}

/** Stands for the reason that an admin would give. */
const MOTIVO = 'simulação';

/** What cancelling now would give back; nothing is changed. */
export class SimularCancelamentoQueryHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    reservaId,
    leitor,
    excecao,
  }: SimularCancelamentoQuery): Promise<
    Result<Simulacao, ReservaNaoEncontradaError | TransicaoInvalidaError | AcessoNegadoError>
  > {
    const reserva = await this.#deps.reservas.obter(reservaId, leitor);
    if (reserva.isFailure) return reserva;
    const avaliada = avaliar(reserva.value, { leitor, excecao, motivo: MOTIVO }, this.#deps.clock.now());
    if (avaliada.isSuccess) return Result.ok({ ...avaliada.value, permitido: true });
    const { error } = avaliada;
    if (error instanceof TransicaoInvalidaError || error instanceof AcessoNegadoError)
      return Result.fail(error);
    const nada = Dinheiro.zero(reserva.value.preco.valor.moeda);
    const explicacao = error.message;
    return Result.ok({ permitido: false, percentual: 0, reembolso: nada, creditoBonus: nada, explicacao });
  }
}
