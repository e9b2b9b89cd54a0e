import type { DataSource } from 'typeorm';
import type { Transacao, UnitOfWork } from '../../application/ports.ts';
import { PagamentosEventSourcedRepository } from './pagamentos-repository.ts';

const CONCLUIR = `
  update webhooks_stripe set estado = $2, concluido_em = $3, erro = null
  where id = $1 and estado = 'PENDENTE'`;

/** One PostgreSQL transaction for events, projections, outbox and the mark on the webhook. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T> {
    return this.#dataSource.transaction((manager) =>
      work({
        pagamentos: new PagamentosEventSourcedRepository(manager),
        async concluirWebhook(eventoId, resultado, em) {
          const [, alterados]: [unknown[], number] = await manager.query(CONCLUIR, [eventoId, resultado, em]);
          return alterados === 1;
        },
      }),
    );
  }
}
