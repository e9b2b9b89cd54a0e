import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { autocommit } from '@plataforma/runtime/transaction';
import { PostgresEntregasRepository } from '../../src/webhooks/infrastructure/entregas-repository.ts';
import { PostgresFilaDeEntregas } from '../../src/webhooks/infrastructure/fila-de-entregas.ts';
import { createObservadorDeWebhooks } from '../../src/webhooks/infrastructure/observador.ts';
import { PostgresWebhooksRepository } from '../../src/webhooks/infrastructure/webhooks-repository.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const DIA_MS = 24 * 3_600_000;
const haDias = (dias: number) => new Date(Date.now() - dias * DIA_MS);

let database: ServiceDatabase;
let entregas: PostgresEntregasRepository;

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);

beforeAll(async () => {
  database = await createServiceDatabase();
  entregas = new PostgresEntregasRepository(autocommit(database.dataSource));
});
afterAll(() => database.drop());

/** One event of so many days ago that so many addresses have been told of. */
beforeEach(async () => {
  await sql('delete from webhooks');
  await sql('delete from webhook_eventos');
});

async function contado(dias: number, enderecos: number): Promise<void> {
  await sql(
    `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, criado_em)
     select 'whk_' || n, 'cli_1', 'Loja', 'https://exemplo.com/', '{RESERVA_CRIADA}', '{}', 'HMAC', '\\x00', now()
     from generate_series(1, $1::int) n`,
    [enderecos],
  );
  await sql(
    `insert into webhook_eventos (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
     values ('e1', 'RESERVA_CRIADA', 'reserva:r1', 1, 'r1', 'esp_1', $1, $1, '{}')`,
    [haDias(dias)],
  );
  await sql(
    `insert into webhook_entregas (webhook_id, evento_id, chave, versao, situacao, tentar_em, desde, criada_em)
     select id, 'e1', 'reserva:r1', 1, 'ENTREGUE', $1, $1, $1 from webhooks`,
    [haDias(dias)],
  );
}

it('deletes no more at a time than it is told, however many were told of one event', async () => {
  await contado(31, 25);
  const restam = async () => [
    (await sql('select from webhook_eventos')).length,
    (await sql('select from webhook_entregas')).length,
  ];
  const vezes: unknown[] = [];
  for (let vez = 0; vez < 4; vez++)
    vezes.push([await entregas.esquecer(haDias(30), 10), ...(await restam())]);
  expect(vezes).toEqual([
    [10, 1, 15],
    [10, 1, 5],
    [5, 0, 0],
    [0, 0, 0],
  ]);
});

it('lets an address go at once, and what was sent to it some at a time', async () => {
  await contado(1, 1);
  await sql(
    `insert into webhook_eventos (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
     select 'f' || n, tipo, 'f' || n, 1, 'f' || n, espaco_id, ocorrido_em, recebido_em, corpo
     from webhook_eventos, generate_series(1, 24) n`,
  );
  await sql(
    `insert into webhook_entregas (webhook_id, evento_id, chave, versao, tentar_em, desde, criada_em)
     select 'whk_1', id, chave, 1, now(), now(), now() from webhook_eventos where id <> 'e1'`,
  );
  const webhooks = new PostgresWebhooksRepository(autocommit(database.dataSource));
  const fila = new PostgresFilaDeEntregas(autocommit(database.dataSource));
  expect([await webhooks.apagar('whk_1'), await webhooks.apagar('whk_1')]).toEqual([true, false]);
  expect([await webhooks.findById('whk_1'), await webhooks.listar(undefined, 10, undefined)]).toEqual([
    ...[undefined, []],
  ]);
  expect([await webhooks.ativar('whk_1'), await webhooks.desativar('whk_1', 'GONE')]).toEqual([false, false]);
  expect(await webhooks.porSelar('0000000000000000', [], 10)).toEqual([]);
  expect(await fila.tomar(10, new Date(), new Date(Date.now() + 1_000))).toEqual([]);
  expect((await webhooks.travarDono('cli_1')).quantos).toBe(0);
  expect(await sql('select dono_id, nome, url, chave, chave_anterior from webhooks')).toEqual([
    { dono_id: '', nome: '', url: '', chave: Buffer.alloc(0), chave_anterior: null },
  ]);
  const vezes: number[] = [];
  for (let vez = 0; vez < 3; vez++) vezes.push(await webhooks.esquecerApagados(10));
  expect(vezes).toEqual([10, 10, 5]);
  expect(await sql('select from webhooks')).toEqual([]);
});

it('counts an old event that is sent again from when that was asked for', async () => {
  await contado(20, 1);
  const metrics = createMetrics('notificacoes');
  createObservadorDeWebhooks({
    ...{ metrics, dataSource: database.dataSource },
    logger: createLogger({ service: 'teste', level: 'silent' }),
  });
  await entregas.repetir('whk_1', 'e1', new Date(Date.now() - 5_000));
  const texto = await metrics.registry.metrics();
  const segundos = Number(/^webhooks_mais_antiga_segundos(?:\{[^}]*\})? (\S+)$/m.exec(texto)?.[1]);
  expect(segundos).toBeGreaterThanOrEqual(4);
  expect(segundos).toBeLessThan(3_600);
});
