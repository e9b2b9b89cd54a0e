import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import { PostgresCreditosDoPagamento } from '../creditos/infrastructure/creditos-do-pagamento.ts';
import {
  type Ouvinte,
  PagamentosEventSourcedRepository,
} from '../pagamento/infrastructure/pagamentos-repository.ts';
import type { TransacaoComWebhooks } from '../webhooks/application/ports.ts';
import { PostgresWebhooksDaTransacao } from '../webhooks/infrastructure/webhooks-da-transacao.ts';

/**
 * One transaction for events, projections, outbox, credit and the mark on the webhook.
 *
 * @param onCommitted told of what a transaction has appended, once it is committed
 */
export function createUnitOfWork(
  dataSource: DataSource,
  onCommitted: Ouvinte = () => {},
): UnitOfWork<TransacaoComWebhooks> {
  return new PostgresUnitOfWork(dataSource, (sql, afterCommit) => {
    const creditos = new PostgresCreditosDoPagamento(sql);
    const onAppended: Ouvinte = (...gravado) => afterCommit(() => onCommitted(...gravado));
    const pagamentos = new PagamentosEventSourcedRepository(sql, creditos, onAppended);
    return { pagamentos, creditos, webhooks: new PostgresWebhooksDaTransacao(sql) };
  });
}
