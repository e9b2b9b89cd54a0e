import type { QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';

/** What operators see of the requests for a new password. None is ever put off: one that fails is taken again, with all others. */
export async function situacaoDosPedidos(dataSource: DataSource): Promise<QueueState> {
  const [{ desde }]: [{ desde: Date | null }] = await dataSource.query(
    'select min(pedido_em) as desde from pedidos_senha',
  );
  return { dueSince: desde ?? undefined, putOff: 0, dead: 0 };
}
