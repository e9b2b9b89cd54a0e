import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DevolucaoRecusadaSchema } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import { inRepeatableTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { DevolucaoRecusada, RecusasDeDevolucao } from '../application/recusas-de-devolucao.ts';

const PAGAMENTO = 'select id from pagamentos where reserva_id = $1';

/** Through the outbox alone: a refusal changes no payment, and there may be none that it could be an event of. */
export class PostgresRecusasDeDevolucao implements RecusasDeDevolucao {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async anunciar({ reservaId, clienteId, motivo, pedido, em }: DevolucaoRecusada): Promise<void> {
    const agregado = { tipo: 'reserva', id: reservaId, versao: pedido };
    try {
      await inRepeatableTransaction(this.#dataSource, async (sql) => {
        const [pagamento]: Array<{ id: string }> = await sql.query(PAGAMENTO, [reservaId]);
        const dados = { pagamentoId: pagamento?.id ?? '', reservaId, clienteId, codigo: motivo };
        const recusada = { ...dados, ocorridoEm: timestampFromDate(em) };
        await appendToOutbox(sql, [integrationEvent(DevolucaoRecusadaSchema, recusada, agregado)]);
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'outbox_agregado_uq')) throw error;
    }
  }
}
