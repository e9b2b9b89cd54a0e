import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { MongoClient } from 'mongodb';
import { MigrarHistoricoHandler } from '../../src/historico/application/migrar-historico.ts';
import type { ArquivoDeHistorico, RegistroLido } from '../../src/historico/application/ports.ts';
import { PostgresFilaDeCopia } from '../../src/historico/infrastructure/fila-de-copia.ts';
import { PostgresHistoricoAnterior } from '../../src/historico/infrastructure/historico-anterior.ts';
import { colecaoDe, createMongoClient } from '../../src/historico/infrastructure/mongodb/cliente.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';
import { FERRETDB, type FerretDb, startFerretDb } from '../support/ferretdb.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(120_000);

const SERVICE = join(import.meta.dirname, '../..');
const MENSAGENS = 700;
let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
  await database.dataSource.query(
    `insert into historico_notificacoes
       (notificacao_id, sequencia, cliente_id, canal, modelo, reserva_id, tipo, destino, detalhe, ocorrido_em)
     select 'not_' || n, s, 'cli_' || n % 7, 'EMAIL', 'RESERVA_CONFIRMADA', '', 'CRIADA', 'a***a@exemplo.com', '',
       timestamptz '2026-11-23T12:00:00Z' + interval '1 second' * n
     from generate_series(1, $1) n, generate_series(1, 2) s`,
    [MENSAGENS],
  );
});
beforeEach(() => database.dataSource.query('delete from historico_migracao'));
afterAll(() => database.drop());

const chave = ({ notificacaoId, sequencia }: RegistroLido) => `${notificacaoId}/${sequencia}`;

/** One run, into an archive in memory, that ends when the archive has got so many pieces. */
async function correr(
  acrescentar: ArquivoDeHistorico['acrescentar'],
  opcoes: { pedacos?: number; deNovo?: boolean } = {},
) {
  const { manager } = database.dataSource;
  const parar = new AbortController();
  let pedacos = 0;
  const migrar = new MigrarHistoricoHandler({
    anterior: new PostgresHistoricoAnterior(manager),
    arquivo: { acrescentar },
    fila: new PostgresFilaDeCopia(manager),
  });
  return migrar.execute({
    ...{ deNovo: opcoes.deNovo ?? false, lote: 300, parar: parar.signal },
    contar() {
      pedacos += 1;
      if (pedacos === opcoes.pedacos) parar.abort();
    },
  });
}

describe('the migration of the history', () => {
  it('goes on where it was interrupted, and has every record once', async () => {
    const vistos: string[] = [];
    const arquivar: ArquivoDeHistorico['acrescentar'] = async (registros) => {
      vistos.push(...registros.map(chave));
      return [];
    };
    expect(await correr(arquivar, { pedacos: 2 })).toEqual({ completa: false, copiados: 600, recusados: 0 });
    expect(await correr(arquivar)).toEqual({ completa: true, copiados: 1_400, recusados: 0 });
    expect([vistos.length, new Set(vistos).size]).toEqual([1_400, 1_400]);
    expect(await correr(arquivar)).toEqual({ completa: true, copiados: 1_400, recusados: 0 });
    expect(vistos).toHaveLength(1_400);
    expect(await correr(arquivar, { deNovo: true })).toEqual({
      completa: true,
      copiados: 1_400,
      recusados: 0,
    });
    expect(vistos).toHaveLength(2_800);
  });

  it('brings a piece again that it died with', async () => {
    const vistos: string[] = [];
    let vez = 0;
    const morrer: ArquivoDeHistorico['acrescentar'] = async (registros) => {
      vistos.push(...registros.map(chave));
      vez += 1;
      if (vez === 2) throw new Error('died before it was noted');
      return [];
    };
    await expect(correr(morrer)).rejects.toThrow('died');
    expect(await correr(morrer)).toMatchObject({ completa: true, copiados: 1_400 });
    expect([vistos.length, new Set(vistos).size]).toEqual([1_700, 1_400]);
  });

  it('leaves what is refused to the queue, and goes on', async () => {
    const erro = new Error('Document failed validation');
    const um = await correr(async (registros) =>
      registros.filter((registro) => chave(registro) === 'not_9/2').map((registro) => ({ registro, erro })),
    );
    expect(um).toEqual({ completa: true, copiados: 1_399, recusados: 1 });
    expect(await new PostgresFilaDeCopia(database.dataSource.manager).situacao()).toMatchObject({
      total: 1,
      putOff: 1,
    });
  });
});

const suite = FERRETDB === undefined ? describe.skip : describe;

suite('npm run history:migrate', () => {
  let servidor: FerretDb;
  let client: MongoClient;
  beforeAll(async () => {
    servidor = await startFerretDb(FERRETDB as string);
    client = createMongoClient(servidor.url);
  });
  afterAll(async () => {
    await client?.close();
    await servidor?.stop();
  });

  /** One run; gets the signal when it has told of a first piece. */
  async function comando(sinal?: 'SIGINT' | 'SIGKILL') {
    const processo = spawn(
      process.execPath,
      ['--conditions=source', 'src/commands/migrate-history.ts', '--batch', '100'],
      {
        cwd: SERVICE,
        env: { PATH: process.env.PATH, DATABASE_URL: database.url, MONGODB_URL: servidor.url },
      },
    );
    let dito = '';
    for (const fluxo of [processo.stdout, processo.stderr])
      fluxo.on('data', (pedaco) => {
        if (sinal && !dito.includes('records')) processo.kill(sinal);
        dito += pedaco;
      });
    const [code] = await once(processo, 'close');
    return { code, dito, noMongo: await colecaoDe(client).countDocuments() };
  }

  it('may be killed, ends on Ctrl-C in good order, and the next run brings the rest', async () => {
    const morta = await comando('SIGKILL');
    expect(morta).toMatchObject({ code: null });
    const interrompida = await comando('SIGINT');
    expect(interrompida).toMatchObject({
      code: 130,
      dito: expect.stringMatching(/interrupted after \d+ records/),
    });
    expect(interrompida.noMongo).toBeGreaterThanOrEqual(200);
    expect(interrompida.noMongo).toBeLessThan(1_400);
    const ultima = await comando();
    expect(ultima).toMatchObject({
      code: 0,
      dito: expect.stringMatching(/^1400 records are in MongoDB$/m),
      noMongo: 1_400,
    });
    expect(ultima.dito).not.toMatch(/^100 records$/m);
  });
});
