import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { doneOrBlocked } from '@plataforma/testing/barrier';
import type { DataSource } from 'typeorm';
import { PostgresCaixaDeWebhooks } from '../../src/webhooks/infrastructure/caixa-de-webhooks.ts';
import { apagarWebhooksAntigos } from '../../src/webhooks/infrastructure/webhooks-antigos.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const agora = new Date('2026-06-01T12:00:00Z');
let dataSource: DataSource;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

afterAll(() => close());

const guardar = (id: string, estado: string, diasAtras: number) =>
  dataSource.query(
    `insert into webhooks_stripe (id, tipo, payload, estado, tentar_em, recebido_em, concluido_em)
     select $1, 't', '{}', $2, em, em, case when $2 <> 'PENDENTE' then em end
     from (select $3::timestamptz - $4 * interval '1 day' as em) quando`,
    [id, estado, agora, diasAtras],
  );

async function restantes(): Promise<string[]> {
  const linhas: Array<{ id: string }> = await dataSource.query('select id from webhooks_stripe order by id');
  return linhas.map(({ id }) => id);
}

it('deletes what is dealt with after 90 days and keeps what is open for ever', async () => {
  for (const estado of ['PROCESSADO', 'IGNORADO', 'PENDENTE', 'ESTACIONADO']) {
    await guardar(`${estado}_novo`, estado, 89.9);
    await guardar(`${estado}_velho`, estado, 90.1);
  }
  await apagarWebhooksAntigos(dataSource, agora);
  expect(await restantes()).toEqual([
    'ESTACIONADO_novo',
    'ESTACIONADO_velho',
    'IGNORADO_novo',
    'PENDENTE_novo',
    'PENDENTE_velho',
    'PROCESSADO_novo',
  ]);
});

it('deletes the oldest first, a bounded number at a time', async () => {
  await dataSource.query('delete from webhooks_stripe');
  for (const dias of [91, 92, 93]) await guardar(`${dias}`, 'PROCESSADO', dias);
  await apagarWebhooksAntigos(dataSource, agora, 2);
  expect(await restantes()).toEqual(['91']);
});

it('does not wait for another copy that is deleting them', async () => {
  await dataSource.query('delete from webhooks_stripe');
  for (const dias of [91, 92]) await guardar(`${dias}`, 'PROCESSADO', dias);
  await dataSource.transaction(async (outra) => {
    await outra.query(`delete from webhooks_stripe where id = '92'`);
    expect(await doneOrBlocked(dataSource, apagarWebhooksAntigos(dataSource, agora))).toBe('done');
  });
  expect(await restantes()).toEqual([]);
});

it('finds them by an index', async () => {
  const plano: Array<Record<string, string>> = await dataSource.transaction(async (tx) => {
    await tx.query('set local enable_seqscan = off');
    return tx.query(`explain select id from webhooks_stripe
      where estado in ('PROCESSADO', 'IGNORADO') and concluido_em < now() order by concluido_em limit 1`);
  });
  expect(JSON.stringify(plano)).toContain('webhooks_stripe_concluidos_ix');
});

it('counts those that wait without reading those that are dealt with', async () => {
  await dataSource.query('delete from webhooks_stripe');
  await dataSource.query(
    `insert into webhooks_stripe (id, tipo, payload, estado, tentar_em, recebido_em, concluido_em)
     select 'evt_' || n, 'x', '{}', 'PROCESSADO', $1, $1, $1 from generate_series(1, 20000) n`,
    [agora],
  );
  await dataSource.query('analyze webhooks_stripe');
  let sql = '';
  const query = async ({ text }: { text: string }) => {
    sql = text;
    return { command: 'SELECT', rows: [{}], rowCount: 1 };
  };
  await new PostgresCaixaDeWebhooks({ driver: { master: { query } } } as unknown as DataSource).contar();
  expect(JSON.stringify(await dataSource.query(`explain ${sql}`))).not.toContain('Seq Scan');
});
