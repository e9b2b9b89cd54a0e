import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MotivoErroSchema as MotivoComum } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { MotivoErroSchema } from '@plataforma/contratos/notificacoes/v1/motivo_erro_pb';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createMetrics } from '@plataforma/runtime/metrics';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type FuzzTarget, fuzz } from '@plataforma/testing/fuzz/fuzz';
import { reasonsOf } from '@plataforma/testing/fuzz/reasons';
import { slowestRequests } from '@plataforma/testing/fuzz/slowest';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { createNotificacoes } from '../../src/container.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';
import { logger, semApis, semPush, semSms } from '../support/harness.ts';
import { remetente } from '../support/samples.ts';

let database: ServiceDatabase;
let alvo: FuzzTarget;
let parar: () => Promise<unknown>;

beforeAll(async () => {
  database = await createServiceDatabase();
  alvo = await construirAlvo();
});

afterAll(async () => {
  await parar();
  await database.drop();
});

async function construirAlvo(): Promise<FuzzTarget> {
  const issuer = await createTestIssuer();
  const metrics = createMetrics('notificacoes');
  const { services, connections = [] } = createNotificacoes({
    config: {
      ...{ ...semApis, ...semPush, ...semSms, smtpUrl: 'smtp://127.0.0.1:1', emailFrom: remetente },
      ...{ mongodbUrl: undefined, historyRetentionDays: 1_826 },
      ...{ authAddress: '127.0.0.1:1', serviceSecret: 'segredo de notificacoes' },
      ...{ webhookKeys: [Buffer.alloc(32, 7)], webhookAllowLoopback: false, trustedProxies: [] },
      ...{ unsubscribeKeys: [Buffer.alloc(32, 8)], publicUrl: 'http://127.0.0.1:8000' },
    },
    clock: new FixedClock('2026-11-20T13:00:00Z'),
    dataSource: database.dataSource,
    ids: new SequentialIds(),
    logger,
    metrics,
  });
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services });
  const common = { host: '127.0.0.1', port: 0, services, interceptors, health: new Health(), logger };
  const grpc = await startGrpcServer({ ...common, reflection: false });
  const http = await startHttpServer({ ...common, metrics });
  const token = async (sub: string, papel: string) =>
    `Bearer ${await issuer.token({ sub, papeis: [papel] })}`;
  parar = () => {
    for (const connection of connections) connection.close();
    return Promise.all([grpc.close(), http.close(), issuer.close()]);
  };
  return {
    grpcPort: grpc.port,
    httpPort: http.port,
    services,
    callers: {
      customer: await token('cli_fuzz', 'CLIENTE'),
      admin: await token('cli_admin', 'ADMIN'),
    },
    known: ({ localName }) => (localName === 'clienteId' ? ['cli_fuzz', ''] : []),
    reasons: reasonsOf(MotivoComum, MotivoErroSchema),
  };
}

it('answers whatever it is sent with a result or a stable reason', async () => {
  const report = await fuzz(alvo);
  expect(report.failures).toEqual([]);
  expect(report.answers.get('ok')).toBeGreaterThan(0);
}, 120_000);

it('keeps its loop free whatever it is asked, for less than 50 ms a request', async () => {
  const slow = (await slowestRequests(alvo)).filter(({ ms }) => ms >= 50);
  expect(slow).toEqual([]);
}, 180_000);

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
