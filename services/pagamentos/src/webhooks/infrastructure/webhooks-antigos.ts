import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

const MAX_POR_VEZ = 1_000;

const APAGAR = `
  delete from webhooks_stripe where id in (
    select id from webhooks_stripe
    where estado in ('PROCESSADO', 'IGNORADO') and concluido_em < $1::timestamptz - interval '90 days'
    order by concluido_em limit $2 for update skip locked)`;

/**
 * Deletes webhooks that have been dealt with for 90 days: they hold what Stripe knows of a customer. Stripe repeats an
 * event for three days, and by hand for thirty, so none comes again as if it were new.
 */
export async function apagarWebhooksAntigos(
  dataSource: DataSource,
  agora: Date,
  limite: number = MAX_POR_VEZ,
): Promise<void> {
  await autocommit(dataSource).query(APAGAR, [agora, limite]);
}
