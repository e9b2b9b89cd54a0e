import type { QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';

/** What operators see of the requests for a new password. One that fails is taken again, after all others. */
export async function situacaoDosPedidos(dataSource: DataSource): Promise<QueueState> {
  const [{ desde }]: [{ desde: Date | null }] = await dataSource.query(
    'select min(least(pedido_em, renovado_em)) as desde from pedidos_senha',
  );
  return { dueSince: desde ?? undefined, putOff: 0, dead: 0 };
}
