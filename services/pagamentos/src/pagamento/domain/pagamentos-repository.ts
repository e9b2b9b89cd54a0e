import type { PagamentoEvent } from './eventos.ts';
import type { EstadoPagamento } from './pagamento.ts';

/** A payment as the event store has it. Version 0: it does not exist. */
export interface PagamentoVersionado {
  readonly id: string;
  readonly versao: number;
  readonly estado: EstadoPagamento;
}

export interface PagamentosRepository {
  /** All its events folded; INEXISTENTE when there are none. */
  findById(pagamentoId: string): Promise<PagamentoVersionado>;
  /**
   * Appends after `atual.versao`; projections, outbox and the customer's credit follow in the same transaction. No event:
   * no effect.
   *
   * @param causa what led to it, for the audit: `rpc`, `webhook:evt_1`
   * @throws ConcurrencyError when another transaction appended first, or charged the same reservation
   */
  append(
    atual: PagamentoVersionado,
    eventos: readonly PagamentoEvent[],
    causa: string,
  ): Promise<PagamentoVersionado>;
}
