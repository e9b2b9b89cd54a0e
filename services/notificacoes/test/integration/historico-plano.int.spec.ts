import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Sql } from '@plataforma/runtime/transaction';
import { PostgresConsultaDeHistorico } from '../../src/historico/infrastructure/consulta-de-historico.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
  await database.dataSource.query(
    `insert into historico_notificacoes
       (notificacao_id, sequencia, cliente_id, canal, modelo, reserva_id, tipo, destino, detalhe, ocorrido_em)
     select 'not_' || n, s, 'cli_' || n % 3, 'EMAIL', 'RESERVA_CONFIRMADA', '', 'CRIADA', '', '',
       timestamptz '2026-11-23T12:00:00Z' + interval '1 second' * n
     from generate_series(1, 10000) n, generate_series(1, 2) s`,
  );
  await database.dataSource.query('analyze historico_notificacoes');
});
afterAll(() => database.drop());

interface Plano {
  readonly 'Node Type': string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly Plano[];
}

/** Every step of the plan by which a page is read, one that is made once for all values. */
async function planoDe(...pedido: Parameters<PostgresConsultaDeHistorico['listar']>): Promise<Plano[]> {
  const { dataSource } = database;
  const passos: Plano[] = [];
  const explicar: Sql = {
    async query<T>(texto: string, valores: unknown[] = []) {
      const runner = dataSource.createQueryRunner();
      await runner.query('set plan_cache_mode = force_generic_plan');
      await runner.query(`prepare pagina as ${texto}`);
      const literais = valores.map((valor) =>
        typeof valor === 'string'
          ? `'${valor}'`
          : valor instanceof Date
            ? `'${valor.toISOString()}'`
            : `${valor}`,
      );
      const [linha] = await runner.query(
        `explain (analyze, format json) execute pagina (${literais.join(', ')})`,
      );
      await runner.query('deallocate pagina');
      await runner.query('reset plan_cache_mode');
      await runner.release();
      const descer = (plano: Plano): void => {
        passos.push(plano);
        for (const abaixo of plano.Plans ?? []) descer(abaixo);
      };
      descer(linha['QUERY PLAN'][0].Plan);
      return [] as T;
    },
  };
  await new PostgresConsultaDeHistorico(explicar).listar(...pedido);
  return passos;
}

it.each([
  ['the first page', undefined],
  ['a late page', { ocorridoEm: new Date('2026-11-23T12:30:00Z'), notificacaoId: 'not_1800', sequencia: 1 }],
])('reads of %s of a person no record that is not on it', async (_, depoisDe) => {
  const passos = await planoDe({ clienteId: 'cli_1', notificacaoId: '', boasVindas: true }, 21, depoisDe);
  expect(passos.map((passo) => passo['Node Type'])).toEqual(['Limit', 'Index Scan']);
  expect(passos.map((passo) => passo['Actual Rows'])).toEqual([21, 21]);
  expect(passos.at(-1)?.['Rows Removed by Filter'] ?? 0).toBe(0);
});
