import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { inTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { EventoPublico } from '../../src/webhooks/domain/evento-publico.ts';
import { PostgresEntregasRepository } from '../../src/webhooks/infrastructure/entregas-repository.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
  await database.dataSource.query(
    `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, selo, criado_em)
     select 'whk_' || n, 'cli_adm', 'n', 'https://exemplo.com/', '{RESERVA_CRIADA}',
       case when n % 1000 = 0 then '{}' else array['esp_' || n] end, 'HMAC', '\\x00', repeat('0', 16), now()
     from generate_series(1, 3000) n`,
  );
  await database.dataSource.query('analyze webhooks');
});
afterAll(() => database.drop());

interface Plano {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Plano[];
}

const passosDe = (plano: Plano): Plano[] => [plano, ...(plano.Plans ?? []).flatMap(passosDe)];

/** How many addresses are read to write an event down. */
async function lidosPara(evento: EventoPublico): Promise<{ lidos: number; paraQuem: string[] }> {
  let lidos = 0;
  const paraQuem = await inTransaction(database.dataSource, async (sql) => {
    const explicar: Sql = {
      async query<T>(texto: string, valores: unknown[] = []): Promise<T> {
        if (texto.includes('insert into webhook_entregas')) {
          await sql.query('savepoint antes');
          const [linha] = await sql.query<{ 'QUERY PLAN': { Plan: Plano }[] }[]>(
            `explain (analyze, format json) ${texto}`,
            valores,
          );
          await sql.query('rollback to savepoint antes');
          for (const passo of passosDe(linha?.['QUERY PLAN'][0]?.Plan as Plano))
            if (passo['Relation Name'] === 'webhooks')
              lidos +=
                (passo['Actual Rows'] + (passo['Rows Removed by Filter'] ?? 0)) * passo['Actual Loops'];
        }
        return sql.query<T>(texto, valores);
      },
    };
    return new PostgresEntregasRepository(explicar).registrar(evento, new Date());
  });
  return { lidos, paraQuem: [...paraQuem].sort() };
}

const evento = (id: string, espacoId: string | undefined): EventoPublico => ({
  ...{ id, tipo: 'RESERVA_CRIADA', chave: `reserva:${id}`, versao: 1, reservaId: id, espacoId },
  ...{ ocorridoEm: new Date(), dados: {} },
});

it('finds those who want an event without a look at those who do not', async () => {
  expect(await lidosPara(evento('a', 'esp_7'))).toEqual({
    lidos: 4,
    paraQuem: ['whk_1000', 'whk_2000', 'whk_3000', 'whk_7'],
  });
});

it('finds those who want all spaces alone while the space is not known', async () => {
  expect(await lidosPara(evento('b', undefined))).toEqual({
    lidos: 3,
    paraQuem: ['whk_1000', 'whk_2000', 'whk_3000'],
  });
});
