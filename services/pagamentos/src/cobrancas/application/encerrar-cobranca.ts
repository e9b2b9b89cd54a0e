import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ConcurrencyError, decideAgain } from '../../pagamento/application/concurrency.ts';
import type { ConsultaDePagamentos, Transacao } from '../../pagamento/application/ports.ts';
import { type PedidoDeEncerramento, solicitarEncerramento } from '../domain/encerramento.ts';

/** A reservation that ends unpaid, and what told us. */
export interface EncerrarCobrancaCommand extends PedidoDeEncerramento {
  readonly causa: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: ConsultaDePagamentos;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/**
 * Takes the request to close a charge; {@link ConcluirEncerramentosHandler} asks the provider. It may come before the charge
 * itself is asked for: then that is refused when it comes.
 */
export class EncerrarCobrancaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({ causa, ...pedido }: EncerrarCobrancaCommand): Promise<void> {
    const { uow, consulta, ids, clock } = this.#deps;
    return decideAgain(async () => {
      const id = (await consulta.idPorReserva(pedido.reservaId)) ?? (await ids.next('pag'));
      await uow.run(async ({ pagamentos }) => {
        const atual = await pagamentos.findById(id);
        if (atual.estado.fase !== 'INEXISTENTE' && atual.estado.reservaId !== pedido.reservaId)
          throw new ConcurrencyError(`identity ${id} is taken`);
        await pagamentos.append(atual, solicitarEncerramento(atual.estado, id, pedido, clock.now()), causa);
      });
    });
  }
}
