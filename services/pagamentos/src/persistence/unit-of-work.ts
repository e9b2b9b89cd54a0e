import { inRepeatableTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { CreditosDoPagamento } from '../creditos/infrastructure/creditos-do-pagamento.ts';
import type { Transacao, UnitOfWork } from '../pagamento/application/ports.ts';
import type { PagamentoEvent } from '../pagamento/domain/eventos.ts';
import { PagamentosEventSourcedRepository } from '../pagamento/infrastructure/pagamentos-repository.ts';

const CONCLUIR = `
  update webhooks_stripe set estado = $2, concluido_em = $3, erro = null
  where id = $1 and estado = 'PENDENTE'`;

const GUARDAR = `
  insert into webhooks_stripe (id, tipo, payload, estado, tentativas, tentar_em, recebido_em, concluido_em)
  values ($1, $2, $3, 'PROCESSADO', 1, $4, $4, $4)
  on conflict (id) do nothing
  returning 1`;

type Ouvinte = (pagamentoId: string, eventos: readonly PagamentoEvent[]) => void;

/**
 * One PostgreSQL transaction for events, projections, outbox, credit and the mark on the webhook; deadlocks are tried again.
 */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #dataSource: DataSource;
  readonly #onCommitted: Ouvinte;

  /** @param onCommitted told of what a transaction has appended, once it is committed */
  constructor(dataSource: DataSource, onCommitted: Ouvinte = () => {}) {
    this.#dataSource = dataSource;
    this.#onCommitted = onCommitted;
  }

  async run<T>(work: (tx: Transacao) => Promise<T>): Promise<T> {
    let gravados: Parameters<Ouvinte>[] = [];
    const result = await inRepeatableTransaction(this.#dataSource, (manager) => {
      gravados = [];
      return work({
        pagamentos: new PagamentosEventSourcedRepository(manager, (...gravado) => gravados.push(gravado)),
        creditos: new CreditosDoPagamento(manager),
        async guardarWebhook({ id, tipo, payload }, em) {
          const novos: unknown[] = await manager.query(GUARDAR, [id, tipo, payload, em]);
          return novos.length === 1;
        },
        async concluirWebhook(eventoId, resultado, em) {
          const [, alterados]: [unknown[], number] = await manager.query(CONCLUIR, [eventoId, resultado, em]);
          return alterados === 1;
        },
      });
    });
    for (const gravado of gravados) this.#onCommitted(...gravado);
    return result;
  }
}
