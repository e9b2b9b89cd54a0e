import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import { Recusa } from '../../comum/domain/recusa.ts';

export class ReservaNaoEncontradaError extends Recusa {
  readonly motivo = 'RESERVA_NAO_ENCONTRADA';

  constructor() {
    super('Reserva não encontrada.');
  }
}

export class TransicaoInvalidaError extends Recusa {
  readonly motivo = 'TRANSICAO_INVALIDA';

  constructor(status: StatusReserva, porque: string) {
    super(`A reserva está ${status} e ${porque}.`, { status });
  }
}
