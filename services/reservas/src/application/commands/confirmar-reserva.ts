import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { EstadoReserva } from '../../domain/estado-reserva.ts';
import type { ReservaNaoEncontradaError, TransicaoInvalidaError } from '../../domain/reserva.ts';
import type { UnitOfWork } from '../ports.ts';
import { alterarReserva } from './alterar-reserva.ts';

export interface ConfirmarReservaCommand {
  readonly reservaId: string;
  readonly pagamentoId: string;
  /** Who asks: an admin's id, or the name of a service. */
  readonly quem: string;
}

interface Deps {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
}

export class ConfirmarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({
    reservaId,
    pagamentoId,
    quem,
  }: ConfirmarReservaCommand): Promise<
    Result<EstadoReserva, ReservaNaoEncontradaError | TransicaoInvalidaError>
  > {
    const { uow, clock } = this.#deps;
    const autoria = { quem, porque: 'confirmação pedida', em: clock.now() };
    return uow.run((tx) =>
      alterarReserva(tx, reservaId, (reserva) => reserva.confirmar(pagamentoId, autoria)),
    );
  }
}
