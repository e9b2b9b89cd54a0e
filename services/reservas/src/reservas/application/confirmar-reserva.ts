import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { alterarReserva } from './alterar-reserva.ts';
import type { ConsultaDePagamentos, Transacao } from './ports.ts';

export interface ConfirmarReservaCommand {
  readonly reservaId: string;
  readonly pagamentoId: string;
  /** Who asks: an admin's id, or the name of a service. */
  readonly quem: string;
}

class PagamentoNaoAprovadoError extends Recusa {
  readonly motivo = 'PAGAMENTO_NAO_APROVADO';

  constructor() {
    super('Não há pagamento aprovado do valor desta reserva com este identificador.');
  }
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly pagamentos: ConsultaDePagamentos;
  readonly clock: Clock;
}

/** Also for an ADMIN: only pagamentos says what was paid. */
export class ConfirmarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    reservaId,
    pagamentoId,
    quem,
  }: ConfirmarReservaCommand): Promise<Result<EstadoReserva, Recusa>> {
    const { uow, pagamentos, clock } = this.#deps;
    // Before the transaction: a lock must not wait for another service.
    const pagamento = await pagamentos.aprovado(pagamentoId);
    const autoria = { quem, porque: 'confirmação pedida', em: clock.now() };
    return uow.run(async (tx) => {
      await tx.claimKey(reservaId);
      return alterarReserva<Recusa>(tx, reservaId, (reserva) => {
        if (reserva.confirmadaPor(pagamentoId)) return reserva.confirmar(pagamentoId, autoria);
        if (pagamento?.reservaId !== reservaId || !reserva.precoEh(pagamento.valor))
          return Result.fail(new PagamentoNaoAprovadoError());
        return reserva.confirmar(pagamentoId, autoria, pagamento.creditosUsados);
      });
    });
  }
}
