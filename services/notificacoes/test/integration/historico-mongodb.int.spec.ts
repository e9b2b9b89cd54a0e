import { createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import type { MongoClient } from 'mongodb';
import { PostgresHistoricoAnterior } from '../../src/historico/infrastructure/historico-anterior.ts';
import { colecaoDe, createMongoClient } from '../../src/historico/infrastructure/mongodb/cliente.ts';
import { FERRETDB, type FerretDb, startFerretDb } from '../support/ferretdb.ts';
import { type Instance, logger } from '../support/harness.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const suite = FERRETDB === undefined ? describe.skip : describe;

suite('the service with a MongoDB', () => {
  const testCase = useTestCase();
  let servidor: FerretDb;
  let client: MongoClient;
  let issuer: TestIssuer;
  let instancia: Instance;

  beforeAll(async () => {
    [servidor, issuer] = await Promise.all([startFerretDb(FERRETDB as string), createTestIssuer()]);
    client = createMongoClient(servidor.url);
  });
  beforeEach(async () => {
    testCase.harness.mongodbUrl = servidor.url;
    instancia = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', 'ana@exemplo.com');
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(async () => expect(await enviadas()).toBe(1));
  });
  afterAll(async () => {
    await client?.close();
    await issuer?.close();
    await servidor?.stop();
  });

  const enviadas = async () => {
    const tipos = await testCase.harness.historico(testCase.reserva);
    return tipos.filter((tipo) => tipo === 'ENVIADA').length;
  };
  const noMongo = () => colecaoDe(client).find({ clienteId: testCase.cliente }).toArray();
  const comAnterior = (completa: boolean) =>
    new PostgresHistoricoAnterior(testCase.harness.database.dataSource.manager).anotar(
      { notificacaoId: '', sequencia: 0, copiados: 0 },
      completa,
    );

  /** Models of the caller's records. */
  async function contar(): Promise<number> {
    const { services } = instancia;
    const transport = createRouterTransport(
      (router) => {
        for (const { spec } of services.flatMap(({ methods }) => methods)) router.rpc(spec.method, spec.impl);
      },
      {
        router: {
          interceptors: createInterceptors({ logger, verifier: createTokenVerifier(issuer), services }),
        },
      },
    );
    const authorization = `Bearer ${await issuer.token({ sub: testCase.cliente })}`;
    const { obterHistorico } = createClient(NotificacoesService, transport);
    return (await obterHistorico({}, { headers: { authorization } })).registros.length;
  }

  it('copies what it writes, and tells it from there once the history from before is there', async () => {
    await eventually(async () => expect(await noMongo()).toHaveLength(3));
    const [documento] = await noMongo();
    if (!documento) throw new Error('nothing was copied');
    // Only MongoDB has this one.
    await colecaoDe(client).insertOne({ ...documento, _id: `${documento.notificacaoId}/9`, sequencia: 9 });
    await comAnterior(false);
    expect(await contar()).toBe(3);
    await comAnterior(true);
    expect(await contar()).toBe(4);
  });

  it('has nothing there that an erasure would have to take away', async () => {
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente, protocolo: 'AbC-dEf_0123456789AbC-dEf_012345' },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    // The farewell and the reminder that was taken back.
    await eventually(async () => expect(await noMongo()).toHaveLength(6));
    expect(JSON.stringify(await noMongo())).not.toMatch(/Ana|exemplo\.com|AbC-dEf/);
  });

  it('sends and tells while MongoDB is away, and catches up', async () => {
    await comAnterior(true);
    await eventually(async () => expect(await noMongo()).toHaveLength(3));
    const { port } = servidor;
    await servidor.stop();
    await testCase.harness.confirmar(`${testCase.reserva}b`, testCase.cliente);
    await eventually(async () =>
      expect(await testCase.harness.historico(`${testCase.reserva}b`)).toEqual(['CRIADA', 'ENVIADA']),
    );
    expect(await contar()).toBe(6);
    expect(
      await instancia.metrics.registry.getSingleMetricAsString('notificacoes_historico_a_copiar'),
    ).toMatch(/} 3$/m);
    servidor = await startFerretDb(FERRETDB as string, port);
    await eventually(async () => expect(await noMongo()).toHaveLength(3), { timeoutMs: 30_000 });
  });
});
