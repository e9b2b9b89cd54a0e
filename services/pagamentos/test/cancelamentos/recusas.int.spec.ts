import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PostgresRecusasDeDevolucao } from '../../src/cancelamentos/infrastructure/recusas-de-devolucao.ts';
import { openTestDatabase, outboxOf } from '../pagamentos-under-test.ts';

let dataSource: DataSource;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

afterAll(() => close());

const anunciar = (pedido: number) =>
  new PostgresRecusasDeDevolucao(dataSource).anunciar({
    ...{ reservaId: 'res_1', clienteId: 'cli_1', motivo: 'VALOR_INVALIDO', pedido },
    em: new Date('2026-11-24T12:00:00Z'),
  });

it('a refusal is told once for each request', async () => {
  for (const pedido of [4, 4, 5]) await anunciar(pedido);
  const ditas = await outboxOf(dataSource, 'res_1');
  expect(ditas.map(({ agregado_versao }) => agregado_versao)).toEqual([4, 5]);
  expect(ditas[0]?.payload).toMatchObject({ reservaId: 'res_1', codigo: 'VALOR_INVALIDO' });
});

it('a refusal that cannot be stored is not taken for told', async () => {
  await expect(anunciar(2 ** 40)).rejects.toThrow('out of range');
});
