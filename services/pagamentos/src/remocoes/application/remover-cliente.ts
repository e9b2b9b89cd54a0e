import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';

export interface RemoverClienteCommand {
  readonly usuarioId: string;
  /** Of the event: however often it comes, auth is answered once. */
  readonly mensagemId: string;
}

/** Data of customers who are gone. */
export interface ApagamentoRepository {
  /** Erases what Stripe has told of the customer, now and from now on, and tells auth what stays: the books. */
  apagar(usuarioId: string, em: Date): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly apagamento: ApagamentoRepository;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'runOnce'>;
  readonly clock: Clock;
}

export const CONSUMIDOR = 'pagamentos-remocoes';

/**
 * A customer is gone. Charges and refunds under way end by themselves: they are known by reservation and payment, never by
 * a name. So nothing has to be waited for here, and the balance is that of this moment: credit may still come back afterwards.
 */
export class RemoverClienteHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ usuarioId, mensagemId }: RemoverClienteCommand): Promise<void> {
    const { uow, clock } = this.#deps;
    await uow.runOnce(CONSUMIDOR, mensagemId, ({ apagamento }) => apagamento.apagar(usuarioId, clock.now()));
  }
}
