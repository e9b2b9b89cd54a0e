import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import type { ServiceParts } from '@plataforma/runtime/service';
import { eventually } from '@plataforma/testing/eventually';
import { createPreparedDatabase } from '@plataforma/testing/prepared-database';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { createTestIssuer, type TestTokenOptions } from '@plataforma/testing/test-tokens';
import { Stripe } from 'stripe';
import type { DataSource } from 'typeorm';
import { createPagamentos } from '../src/container.ts';
import { migrations } from '../src/persistence/migrations.ts';
import { steps } from './steps.ts';
import { StripeServer } from './stripe-server.ts';

export const WEBHOOK_SECRETS = ['whsec_old_0123456789', 'whsec_new_0123456789'] as const;

/** A migrated database of its own. */
export async function openTestDatabase() {
  const { url, drop } = await createPreparedDatabase('pagamentos', (empty) => migrate(at(empty)));
  const dataSource = await at(url).initialize();
  return { dataSource, close: () => dataSource.destroy().then(drop) };
}

const at = (url: string) =>
  createDataSource({
    url,
    applicationName: 'pagamentos-test',
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });

export type PagamentosUnderTest = Awaited<ReturnType<typeof startPagamentos>>;

/** pagamentos on both listeners over a real PostgreSQL and a scripted Stripe. Its background work starts on demand. */
export async function startPagamentos(options: { clock: Clock }) {
  const { clock } = options;
  const logger = createLogger({ service: 'pagamentos', level: 'silent' });
  const { dataSource, close } = await openTestDatabase();
  const stripe = new StripeServer(clock);
  const stripeApiUrl = await stripe.start();
  const issuer = await createTestIssuer();
  const verifier = createTokenVerifier(issuer);
  const ids = new SequentialIds();
  const config = {
    stripeSecretKey: 'sk_test_0123456789abcdef',
    stripeApiUrl,
    stripeWebhookSecrets: WEBHOOK_SECRETS,
    checkoutSuccessUrl: 'https://loja.test/ok/{RESERVA_ID}',
    checkoutCancelUrl: 'https://loja.test/volta?reserva={RESERVA_ID}',
    trustedProxies: ['127.0.0.0/8'],
  };
  const running: ServiceParts[] = [];
  /** Another instance over the same storage, as a second replica or a restart makes it. */
  const createInstance = (metrics = createMetrics('pagamentos')): ServiceParts => {
    const parts = createPagamentos({
      config,
      logger,
      clock,
      dataSource,
      ids,
      metrics,
      verifier,
    });
    running.push(parts);
    return parts;
  };
  /** Without the reconciler: it would take the answers that a spec has scripted for somebody else. */
  const startBackground = async (parts: ServiceParts) => {
    for (const work of parts.background ?? []) if (work.name !== 'reconciliacao') await work.start();
  };
  const stopBackground = async (parts: ServiceParts) => {
    for (const work of [...(parts.background ?? [])].reverse()) await work.stop();
  };

  const metrics = createMetrics('pagamentos');
  const parts = createInstance(metrics);
  const { services, routes = [], looks } = parts;
  const keys = new PostgresIdempotencyKeys(dataSource);
  const interceptors = createInterceptors({
    ...{ logger, verifier, services, metrics, keys },
    ...(looks && { looks }),
  });
  const common = { host: '127.0.0.1', port: 0, services, interceptors, health: new Health(), logger };
  const grpc = await startGrpcServer({ ...common, reflection: false });
  const http = await startHttpServer({ ...common, metrics, routes });
  const clients: Array<{ close(): void }> = [];

  const system = {
    clock,
    stripe,
    stripeApiUrl,
    dataSource,
    parts,
    grpcPort: grpc.port,
    httpPort: http.port,
    tokenFor: issuer.token,
    createInstance,
    startBackground,
    stopBackground,
    /** A client of the gRPC port that calls as somebody. */
    clientFor(caller: TestTokenOptions) {
      const headers = async () => ({ authorization: `Bearer ${await issuer.token(caller)}` });
      const address = `127.0.0.1:${grpc.port}`;
      const client = createGrpcClient(PagamentosService, {
        address,
        timeoutMs: 15_000,
        retry: { maxAttempts: 1 },
        headers,
      });
      clients.push(client);
      return client;
    },
    /** GET of a plain route; without a caller it brings no token. */
    async get(path: string, caller?: TestTokenOptions) {
      const headers = caller ? { authorization: `Bearer ${await issuer.token(caller)}` } : {};
      const signal = AbortSignal.timeout(15_000);
      return fetch(`http://127.0.0.1:${http.port}${path}`, { headers, signal });
    },
    /** Runs the background work of another instance until `reached` passes. */
    async workUntil(reached: () => Promise<void>) {
      const worker = createInstance();
      await startBackground(worker);
      try {
        await eventually(reached);
      } finally {
        await stopBackground(worker);
      }
    },
    postWebhook: (body: string | Buffer, signature: string | undefined) =>
      fetch(`http://127.0.0.1:${http.port}/api/v1/webhooks/stripe`, {
        method: 'POST',
        body,
        headers: signature === undefined ? {} : { 'stripe-signature': signature },
        signal: AbortSignal.timeout(10_000),
      }),
    async stop() {
      for (const client of clients) client.close();
      for (const instance of running) await stopBackground(instance);
      await Promise.all([grpc.close(), http.close(), issuer.close(), stripe.stop()]);
      await close();
    },
  };
  const { workUntil, postWebhook } = system;
  const admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  const signed = (body: string) => postWebhook(body, sign(body, clock.now()));
  return { ...system, admin, ...steps({ clock, stripe, admin, workUntil, postWebhook: signed }) };
}

/** What the event bus does with an event of a reservation. @param versao of the reservation */
export async function deliver<S extends DescMessage>(
  parts: ServiceParts,
  schema: S,
  init: MessageInitShape<S> & { readonly reservaId?: string },
  versao: number,
): Promise<void> {
  const subscriptions = (parts.consumers ?? []).flatMap(({ on }) => on);
  const subscription = subscriptions.find((one) => one.schema.typeName === schema.typeName);
  if (!subscription) throw new Error(`nothing consumes ${schema.typeName}`);
  const agregado = { tipo: 'reserva', id: String(init.reservaId), versao };
  const ocorridoEm = new Date('2026-11-24T12:00:00Z');
  const meta = { id: `evt-${versao}`, subject: schema.typeName, agregado, ocorridoEm, entrega: 1 };
  await subscription.handle(create(schema, init), meta);
}

/** Header `stripe-signature` for a body. */
export function sign(payload: string, at: Date, secret: string = WEBHOOK_SECRETS[0]): string {
  const timestamp = Math.floor(at.getTime() / 1000);
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

export interface OutboxRow {
  readonly assunto: string;
  readonly agregado_versao: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What the other services will hear of a payment, in order. */
export function outboxOf(dataSource: DataSource, pagamentoId: string): Promise<OutboxRow[]> {
  const sql = 'select assunto, agregado_versao, payload from outbox where agregado_id = $1 order by posicao';
  return dataSource.query(sql, [pagamentoId]);
}
