import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { AcessoNegadoError, podeVer, type Solicitante } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../domain/recusas-da-reserva.ts';
import { alterarReserva } from './alterar-reserva.ts';
import type { Cobrancas, Transacao } from './ports.ts';

export interface AceitarReservaCommand {
  readonly reservaId: string;
  readonly solicitante: Solicitante;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
  readonly cobrancas: Pick<Cobrancas, 'usarCreditos'>;
}

/**
 * The customer takes what is held for them, and their credit pays what it can. The wish is committed, with the event that
 * tells it, before pagamentos is called: whatever goes wrong then, the credit is used by the event. Repeated, it asks
 * pagamentos again, which uses credit once.
 */
export class AceitarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ reservaId, solicitante }: AceitarReservaCommand): Promise<Result<EstadoReserva, Recusa>> {
    const { uow, clock, cobrancas } = this.#deps;
    const aceita = await uow.run(async (tx) => {
      await tx.claimKey(reservaId);
      return alterarReserva<Recusa>(tx, reservaId, (reserva) => {
        if (!podeVer(reserva.estado, solicitante)) return Result.fail(new ReservaNaoEncontradaError());
        if (reserva.estado.clienteId !== solicitante.id)
          return Result.fail(new AcessoNegadoError('Só o próprio cliente pode aceitar a reserva.'));
        const autoria = { quem: solicitante.id, porque: 'aceita pelo cliente', em: clock.now() };
        return reserva.aceitar(autoria);
      });
    });
    return aceita.isFailure ? aceita : Result.ok(await cobrancas.usarCreditos(aceita.value));
  }

  /** What an earlier attempt of the same call has accepted. It may have ended before it asked pagamentos. */
  async repeat(reservaId: string): Promise<Result<EstadoReserva, ReservaNaoEncontradaError>> {
    const { uow, cobrancas } = this.#deps;
    const aceita = await uow.run(({ reservas }) => reservas.findById(reservaId));
    return aceita
      ? Result.ok(await cobrancas.usarCreditos(aceita.estado))
      : Result.fail(new ReservaNaoEncontradaError());
  }
}
