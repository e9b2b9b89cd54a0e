import { inRepeatableTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { PostgresCreditosDoPagamento } from '../creditos/infrastructure/creditos-do-pagamento.ts';
import type { UnitOfWork } from '../pagamento/application/ports.ts';
import {
  type Ouvinte,
  PagamentosEventSourcedRepository,
} from '../pagamento/infrastructure/pagamentos-repository.ts';
import type { TransacaoComWebhooks } from '../webhooks/application/ports.ts';
import { PostgresWebhooksDaTransacao } from '../webhooks/infrastructure/webhooks-da-transacao.ts';

/**
 * One PostgreSQL transaction for events, projections, outbox, credit and the mark on the webhook; deadlocks are tried again.
 */
export class PostgresUnitOfWork implements UnitOfWork<TransacaoComWebhooks> {
  readonly #dataSource: DataSource;
  readonly #onCommitted: Ouvinte;

  /** @param onCommitted told of what a transaction has appended, once it is committed */
  constructor(dataSource: DataSource, onCommitted: Ouvinte = () => {}) {
    this.#dataSource = dataSource;
    this.#onCommitted = onCommitted;
  }

  async run<T>(work: (tx: TransacaoComWebhooks) => Promise<T>): Promise<T> {
    let gravados: Parameters<Ouvinte>[] = [];
    const result = await inRepeatableTransaction(this.#dataSource, (manager) => {
      gravados = [];
      const creditos = new PostgresCreditosDoPagamento(manager);
      return work({
        pagamentos: new PagamentosEventSourcedRepository(manager, creditos, (...gravado) =>
          gravados.push(gravado),
        ),
        creditos,
        webhooks: new PostgresWebhooksDaTransacao(manager),
      });
    });
    for (const gravado of gravados) this.#onCommitted(...gravado);
    return result;
  }
}
