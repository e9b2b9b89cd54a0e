import type { Sql } from '@plataforma/runtime/transaction';
import type { WebhookRecebido, WebhooksDaTransacao } from '../application/ports.ts';
import { clienteDoWebhook } from './cliente-do-webhook.ts';

const CONCLUIR = `
  update webhooks_stripe set estado = $2, concluido_em = $3, erro = null
  where id = $1 and estado = 'PENDENTE'`;

const GUARDAR = `
  insert into webhooks_stripe (id, tipo, payload, estado, tentativas, tentar_em, recebido_em, concluido_em, cliente_id)
  values ($1, $2, $3, 'PROCESSADO', 1, $4, $4, $4, $5)
  on conflict (id) do nothing
  returning 1`;

/** Table `webhooks_stripe` within the transaction of what a webhook means. */
export class PostgresWebhooksDaTransacao implements WebhooksDaTransacao {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async guardar({ id, tipo, payload }: WebhookRecebido, em: Date): Promise<boolean> {
    const novos: unknown[] = await this.#sql.query(GUARDAR, [
      ...[id, tipo, payload, em],
      clienteDoWebhook(payload),
    ]);
    return novos.length === 1;
  }

  async concluir(id: string, resultado: 'PROCESSADO' | 'IGNORADO', em: Date): Promise<boolean> {
    const [, alterados]: [unknown[], number] = await this.#sql.query(CONCLUIR, [id, resultado, em]);
    return alterados === 1;
  }
}
