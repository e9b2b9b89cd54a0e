import type { CreditosBook, Lancamento, Lote, Sources } from './books.ts';

const CLIENTES = 'select distinct cliente_id as "clienteId" from reservas where id = any ($1)';

const LOTES = `
  select id, cliente_id as "clienteId", centavos::int, restante::int from creditos_lotes
  where cliente_id = any ($1) order by id`;

const LANCAMENTOS = `
  select l.transacao, l.lote, l.conta, l.centavos::int
  from creditos_lancamentos l join creditos_lotes t on t.id = l.lote
  where t.cliente_id = any ($1) order by l.id`;

const SALDOS = `
  select cliente_id as "clienteId",
    sum(case when tipo in ('CREDITO_CONCEDIDO', 'CREDITO_DEVOLVIDO') then centavos else -centavos end)::int as saldo
  from transacoes where tipo like 'CREDITO%' and cliente_id = any ($1) group by cliente_id`;

/** Reads all credit that the customers of these reservations ever had. */
export async function readCreditos(
  sources: Pick<Sources, 'query'>,
  reservaIds: readonly string[],
): Promise<CreditosBook> {
  const clientes = await sources.query<{ clienteId: string }>('reservas', CLIENTES, [reservaIds]);
  const ids = [clientes.map(({ clienteId }) => clienteId)];
  const [lotes, lancamentos, saldos] = await Promise.all([
    sources.query<Lote>('pagamentos', LOTES, ids),
    sources.query<Lancamento>('pagamentos', LANCAMENTOS, ids),
    sources.query<{ clienteId: string; saldo: number }>('pagamentos', SALDOS, ids),
  ]);
  return { lotes, lancamentos, saldos: new Map(saldos.map(({ clienteId, saldo }) => [clienteId, saldo])) };
}
