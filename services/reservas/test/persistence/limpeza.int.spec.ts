import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '@plataforma/runtime/metrics';
import { inTurn } from '@plataforma/runtime/one-by-one';
import { doneOrBlocked } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import type { DataSource } from 'typeorm';
import { limpar, limpezas } from '../../src/persistence/limpeza.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { newWorker } from '../new-worker.ts';
import { openDatabase, storeEspaco } from '../reservas-fixture.ts';

let dataSource: DataSource;
let close: () => Promise<void>;
let espacoId: string;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
  espacoId = (await storeEspaco(createUnitOfWork(dataSource))).id;
});

afterAll(() => close());

beforeEach(() => dataSource.query(`delete from trabalhos_adiados`));

/** Quotes that were made so long ago, one second after the other. */
async function cotacoes(prefixo: string, quantas: number, idade: string): Promise<void> {
  await dataSource.query(
    `insert into cotacoes (id, cliente_id, espaco_id, data_inicio, data_fim, extras, preco, valor_centavos, moeda,
       criada_em, valida_ate)
     select 'cot_' || $1::text || n, 'cli_1', $2, now(), now() + interval '1 hour', '[]',
       '[{"tipo": "HORAS", "descricao": "1 h", "centavos": 100}]', 100, 'BRL', feita, feita + interval '10 minutes'
     from generate_series(1, $3::int) as n, lateral (select now() - $4::interval - n * interval '1 second' as feita) as f`,
    [prefixo, espacoId, quantas, idade],
  );
}

async function restam(prefixo: string): Promise<number> {
  const [row] = await dataSource.query('select count(*)::int as n from cotacoes where id like $1', [
    `cot_${prefixo}%`,
  ]);
  return row.n;
}

describe('old quotes', () => {
  it('are deleted batch by batch, and none that somebody may still come with', async () => {
    await cotacoes('velha', 1_200, '2 days');
    await cotacoes('deOntem', 3, '23 hours');
    expect(await limpar(dataSource, 'cotacoes', 500)).toBe(500);
    expect(await limpar(dataSource, 'cotacoes', 500)).toBe(500);
    expect(await limpar(dataSource, 'cotacoes', 500)).toBe(200);
    expect(await limpar(dataSource, 'cotacoes', 500)).toBe(0);
    expect([await restam('velha'), await restam('deOntem')]).toEqual([0, 3]);
  });

  it('cannot be deleted or changed before, whoever writes', async () => {
    await cotacoes('nova', 1, '1 hour');
    await expect(dataSource.query(`delete from cotacoes where id = 'cot_nova1'`)).rejects.toThrow(
      'append-only',
    );
    await expect(dataSource.query(`update cotacoes set cliente_id = 'cli_2'`)).rejects.toThrow('append-only');
    await expect(dataSource.query('truncate cotacoes cascade')).rejects.toThrow('append-only');
  });

  it('go by a worker, which counts them, while another table fails', async () => {
    await cotacoes('resto', 700, '3 days');
    const metrics = createMetrics('reservas');
    const quebrada = () => Promise.reject(new Error('broken for a spec'));
    const work = inTurn({ ...limpezas(dataSource, metrics.registry), trabalhos_adiados: quebrada });
    const worker = newWorker(work, 500);
    await worker.start();
    await eventually(async () => expect(await restam('resto')).toBe(0));
    await worker.stop();
    expect(await metrics.registry.metrics()).toMatch(
      /reservas_limpeza_linhas_total\{.*tabela="cotacoes".*\} 700/,
    );
  });
});

describe('what somebody else has in hand', () => {
  it.each([
    ['cotacoes', 'select from cotacoes where id = $1 for update', 'cot_emUso1'],
    ['trabalhos_adiados', 'select from trabalhos_adiados where item_id = $1 for update', 'res_emUso1'],
  ] as const)('is left to them: %s', async (tabela, travar, id) => {
    await cotacoes('emUso', 2, '9 days');
    await dataSource.query(`
      insert into trabalhos_adiados select 'ESPERA', 'res_emUso' || n, 3, now() - interval '2 days', 'x'
      from generate_series(1, 2) as n`);
    await dataSource.transaction(async (manager) => {
      await manager.query(travar, [id]);
      const limpa = limpar(dataSource, tabela, 500);
      expect([await doneOrBlocked(dataSource, limpa), await limpa]).toEqual(['done', 1]);
    });
    expect(await limpar(dataSource, tabela, 500)).toBe(1);
  });
});

describe('the newest quote', () => {
  it('stays however old it is, for the counter of identities', async () => {
    const { dataSource: outra, close: fechar } = await openDatabase();
    try {
      const { id } = await storeEspaco(createUnitOfWork(outra));
      await outra.query(
        `insert into cotacoes select 'cot_' || n, 'cli_1', $1, now(), now() + interval '1 hour', '[]', '[]', 0, 'BRL',
           now() - n * interval '2 days', now() - n * interval '2 days' + interval '10 minutes'
         from generate_series(1, 3) as n`,
        [id],
      );
      expect(await limpar(outra, 'cotacoes', 500)).toBe(2);
      expect(await outra.query('select id from cotacoes')).toEqual([{ id: 'cot_1' }]);
    } finally {
      await fechar();
    }
  });
});

describe('work that was put off', () => {
  it('is forgotten when nobody has tried it for a day', async () => {
    await dataSource.query(`
      insert into trabalhos_adiados values
        ('ESPERA', 'res_velha', 3, now() - interval '25 hours', 'x'), ('ESPERA', 'res_nova', 3, now(), 'x')`);
    expect(await limpar(dataSource, 'trabalhos_adiados', 500)).toBe(1);
    expect(await dataSource.query('select item_id from trabalhos_adiados')).toEqual([
      { item_id: 'res_nova' },
    ]);
  });
});
