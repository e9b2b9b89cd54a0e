import { keptError } from '@plataforma/domain/work-queue';
import { autocommit, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { CaixaDeWebhooks, WebhookRecebido, WebhookReivindicado } from '../application/ports.ts';
import { clienteDoWebhook } from './cliente-do-webhook.ts';

const GUARDAR = `
  insert into webhooks_stripe (id, tipo, payload, estado, tentar_em, recebido_em, concluido_em, cliente_id)
  values ($1, $2, $3, $4, $5, $5, case when $4 = 'IGNORADO' then $5::timestamptz end, $6)
  on conflict (id) do nothing
  returning 1`;

const REIVINDICAR = `
  update webhooks_stripe set tentar_em = $2, tentativas = tentativas + 1
  where id = (
    select id from webhooks_stripe where estado = 'PENDENTE' and tentar_em <= $1
    order by tentar_em, id limit 1 for update skip locked)
  returning id, tipo, payload::text as payload, tentativas, recebido_em as "recebidoEm"`;

const ADIAR = `update webhooks_stripe set tentar_em = $2, erro = $3 where id = $1 and estado = 'PENDENTE'`;

/** A person who puts back what was given up may have set its attempts to nothing, while a slow worker still has it. */
const DEVOLVER = `
  update webhooks_stripe set tentar_em = $2, erro = $3, tentativas = greatest(tentativas - 1, 0)
  where id = $1 and estado = 'PENDENTE'`;

const ESTACIONAR = `
  update webhooks_stripe set estado = 'ESTACIONADO', concluido_em = $3, erro = $2
  where id = $1 and estado = 'PENDENTE'`;

// Apart, for each has an index of its own that holds nothing else.
const CONTAR = `
  select (select count(*)::int from webhooks_stripe where estado = 'PENDENTE') as pendentes,
    (select count(*)::int from webhooks_stripe where estado = 'ESTACIONADO') as estacionados`;

/** Table `webhooks_stripe`: inbox and work queue in one. Every method is one statement, so one transaction. */
export class PostgresCaixaDeWebhooks implements CaixaDeWebhooks {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = autocommit(dataSource);
  }

  async guardar(
    { id, tipo, payload }: WebhookRecebido,
    estado: 'PENDENTE' | 'IGNORADO',
    em: Date,
  ): Promise<boolean> {
    const novos: unknown[] = await this.#sql.query(GUARDAR, [
      ...[id, tipo, payload, estado, em],
      clienteDoWebhook(payload),
    ]);
    return novos.length === 1;
  }

  async reivindicar(agora: Date, posseAte: Date): Promise<readonly WebhookReivindicado[]> {
    const [webhooks]: [WebhookReivindicado[], number] = await this.#sql.query(REIVINDICAR, [agora, posseAte]);
    return webhooks;
  }

  async adiar(id: string, tentarEm: Date, erro: string): Promise<void> {
    await this.#sql.query(ADIAR, [id, tentarEm, keptError(erro)]);
  }

  async devolver(id: string, tentarEm: Date, erro: string): Promise<void> {
    await this.#sql.query(DEVOLVER, [id, tentarEm, keptError(erro)]);
  }

  async estacionar(id: string, erro: string, em: Date): Promise<void> {
    await this.#sql.query(ESTACIONAR, [id, keptError(erro), em]);
  }

  /** For the gauges. */
  async contar(): Promise<{ pendentes: number; estacionados: number }> {
    const [contagem]: [{ pendentes: number; estacionados: number }] = await this.#sql.query(CONTAR);
    return contagem;
  }
}
