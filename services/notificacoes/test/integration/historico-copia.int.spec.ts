import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { inTransaction } from '@plataforma/runtime/transaction';
import { freePort } from '@plataforma/testing/servers/ports';
import type { MongoClient } from 'mongodb';
import { copiarHistorico } from '../../src/historico/application/copiar-historico.ts';
import { PostgresConsultaDeHistorico } from '../../src/historico/infrastructure/consulta-de-historico.ts';
import { PostgresFilaDeCopia } from '../../src/historico/infrastructure/fila-de-copia.ts';
import { PostgresHistoricoAnterior } from '../../src/historico/infrastructure/historico-anterior.ts';
import { MongoArquivo } from '../../src/historico/infrastructure/mongodb/arquivo-mongodb.ts';
import { colecaoDe, createMongoClient } from '../../src/historico/infrastructure/mongodb/cliente.ts';
import { ConsultaComRetaguarda } from '../../src/historico/infrastructure/mongodb/consulta-com-retaguarda.ts';
import type { RegistroHistorico } from '../../src/mensagens/application/ports.ts';
import { PostgresHistorico } from '../../src/mensagens/infrastructure/historico.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';
import { FERRETDB, type FerretDb, startFerretDb } from '../support/ferretdb.ts';
import { logger } from '../support/harness.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

let database: ServiceDatabase;
let fila: PostgresFilaDeCopia;
let numero = 0;

beforeAll(async () => {
  database = await createServiceDatabase();
  fila = new PostgresFilaDeCopia(database.dataSource.manager);
});
beforeEach(async () => {
  numero += 1;
  await database.dataSource.query('delete from historico_a_copiar');
});
afterAll(() => database.drop());

const cliente = () => `cli_${numero}`;
const registro = (sequencia: number): RegistroHistorico => ({
  ...{
    notificacaoId: `not_${numero}`,
    sequencia,
    clienteId: cliente(),
    canal: 'EMAIL',
    modelo: 'LEMBRETE_RESERVA',
  },
  ...{ reservaId: '', tipo: 'CRIADA', destino: 'a***a@exemplo.com', detalhe: '' },
  ocorridoEm: new Date(Date.UTC(2026, 10, 23, 12, 0, sequencia)),
});
const copiado = () => new PostgresHistorico(database.dataSource.manager, true);
const chaves = async () => (await fila.devidos(100)).map(({ sequencia }) => sequencia);
const nada = () => {};

describe('what waits to be copied', () => {
  it('comes in with the record, or not at all', async () => {
    await copiado().registrar(registro(1));
    const desfeita = inTransaction(database.dataSource, async (sql) => {
      await new PostgresHistorico(sql, true).registrar(registro(2));
      throw new Error('rolled back');
    });
    await expect(desfeita).rejects.toThrow('rolled back');
    expect(await chaves()).toEqual([1]);
  });

  it('does not come in again with a record that is there already, nor where nothing is copied', async () => {
    await copiado().registrar(registro(1));
    await fila.copiados(await fila.devidos(10));
    await copiado().registrar(registro(1));
    await new PostgresHistorico(database.dataSource.manager).registrar(registro(2));
    expect(await chaves()).toEqual([]);
  });

  it('is left alone for a while when it was refused, and is dead after ten times', async () => {
    await copiado().registrar(registro(1));
    await copiado().registrar(registro(2));
    const [primeiro] = await fila.devidos(1);
    const erro = new Error('Document failed validation\0');
    if (!primeiro) throw new Error('nothing is due');
    expect(await fila.adiar({ registro: primeiro, erro })).toEqual({ item: `not_${numero}/1`, failures: 1 });
    expect(await chaves()).toEqual([2]);
    for (let vez = 2; vez <= 10; vez += 1) await fila.adiar({ registro: primeiro, erro });
    expect(await fila.situacao()).toEqual({ total: 2, putOff: 1, dead: 1, dueSince: expect.any(Date) });
    await fila.copiados(await fila.devidos(10));
    expect(await fila.situacao()).toEqual({ total: 1, putOff: 1, dead: 1, dueSince: undefined });
  });

  it('is what the archive has not, until the history from before is there and nothing waits for long', async () => {
    const { manager } = database.dataSource;
    expect(await fila.emDia()).toBe(false);
    const anterior = new PostgresHistoricoAnterior(manager);
    const nenhum = { notificacaoId: '', sequencia: 0, copiados: 0 };
    await anterior.anotar(nenhum, true);
    expect(await fila.emDia()).toBe(true);
    await copiado().registrar(registro(1));
    expect(await fila.emDia()).toBe(true);
    await database.dataSource.query(`update historico_a_copiar set desde = now() - interval '11 seconds'`);
    expect(await fila.emDia()).toBe(false);
    await fila.copiados(await fila.devidos(10));
    expect(await fila.emDia()).toBe(true);
    // It begins anew: MongoDB was lost.
    await anterior.anotar(nenhum, false);
    expect(await fila.emDia()).toBe(false);
  });

  it('waits while MongoDB is away, and is read from PostgreSQL meanwhile', async () => {
    const client = createMongoClient(`mongodb://127.0.0.1:${await freePort()}/notificacoes`);
    const mongodb = new MongoArquivo(colecaoDe(client));
    const postgres = new PostgresConsultaDeHistorico(database.dataSource.manager);
    const consulta = new ConsultaComRetaguarda({ emDia: async () => true, mongodb, postgres, logger });
    await copiado().registrar(registro(1));
    await expect(copiarHistorico({ fila, arquivo: mongodb })(10, nada)).rejects.toThrow(ProviderAwayError);
    expect(await chaves()).toEqual([1]);
    const lidos = await consulta.listar(
      { clienteId: cliente(), notificacaoId: '', boasVindas: true },
      10,
      undefined,
    );
    expect(lidos.map(({ sequencia }) => sequencia)).toEqual([1]);
    consulta.close();
    await client.close();
  });
});

const suite = FERRETDB === undefined ? describe.skip : describe;

suite('the copy in MongoDB', () => {
  let servidor: FerretDb;
  let client: MongoClient;
  let arquivo: MongoArquivo;

  beforeAll(async () => {
    servidor = await startFerretDb(FERRETDB as string);
    client = createMongoClient(servidor.url);
    arquivo = new MongoArquivo(colecaoDe(client));
  });
  afterAll(async () => {
    await client?.close();
    await servidor?.stop();
  });

  const noMongo = async () => {
    const documentos = await colecaoDe(client)
      .find({ clienteId: cliente() })
      .sort({ sequencia: 1 })
      .toArray();
    return documentos.map(({ sequencia }) => sequencia);
  };

  it('has each record once, whoever copies it how often', async () => {
    for (const sequencia of [1, 2, 3]) await copiado().registrar(registro(sequencia));
    const copia = copiarHistorico({ fila, arquivo });
    // One that dies between copying and striking off.
    await arquivo.acrescentar(await fila.devidos(2));
    await Promise.all([copia(2, nada), copia(2, nada), copia(2, nada)]);
    await copia(2, nada);
    expect([await chaves(), await noMongo()]).toEqual([[], [1, 2, 3]]);
  });

  it('catches up when MongoDB is back', async () => {
    const { port } = servidor;
    await servidor.stop();
    await copiado().registrar(registro(1));
    const copia = copiarHistorico({ fila, arquivo });
    await expect(copia(10, nada)).rejects.toThrow(ProviderAwayError);
    servidor = await startFerretDb(FERRETDB as string, port);
    expect(await copia(10, nada)).toBe(1);
    expect([await chaves(), await noMongo()]).toEqual([[], [1]]);
  });
});
