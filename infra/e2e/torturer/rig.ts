import type { Control } from '@plataforma/dev/stripe/control';
import { startStripeStandIn } from '@plataforma/dev/stripe/server';
import { signatureHeader } from '@plataforma/dev/stripe/webhooks';
import { loadConfig } from '@plataforma/runtime/config';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, type MigrationClass, migrate } from '@plataforma/runtime/postgres';
import { createRedis } from '@plataforma/runtime/redis';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { ServiceParts } from '@plataforma/runtime/service';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { freePort } from '@plataforma/testing/servers/ports';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { smsFields } from '../../../services/notificacoes/src/canais/infrastructure/sms/sms-config.ts';
import { createNotificacoes } from '../../../services/notificacoes/src/container.ts';
import { migrations as notificacoesMigrations } from '../../../services/notificacoes/src/persistence/migrations.ts';
import { telefonesFields } from '../../../services/notificacoes/src/telefones/infrastructure/telefones-config.ts';
import { SmtpInbox } from '../../../services/notificacoes/test/support/smtp-inbox.ts';
import { createPagamentos } from '../../../services/pagamentos/src/container.ts';
import { PostgresLivroDeCreditos } from '../../../services/pagamentos/src/creditos/infrastructure/livro-de-creditos.ts';
import { migrations as pagamentosMigrations } from '../../../services/pagamentos/src/persistence/migrations.ts';
import type { TrabalhoDeWebhooks } from '../../../services/pagamentos/src/webhooks/application/receber-webhook.ts';
import { createReservas } from '../../../services/reservas/src/container.ts';
import { migrations as reservasMigrations } from '../../../services/reservas/src/persistence/migrations.ts';
import { authStandIn, SERVICE_SECRET } from '../../../services/reservas/test/auth-stand-in.ts';
import type { Sources } from '../books/books.ts';
import { prepareActs, START } from './acts.ts';

export const SERVICES = ['reservas', 'pagamentos', 'notificacoes'] as const;
export type Service = (typeof SERVICES)[number];

const WEBHOOK_SECRET = 'whsec_rig_0123456789';

const logger = createLogger({ service: 'rig', level: 'silent' });

/**
 * The three services of the money flow in one process, over real databases, a real SMTP server and the Stripe stand-in,
 * at a standstill: no clock runs, no message travels and no worker works until a proof says so.
 */
export type Rig = Awaited<ReturnType<typeof setUpRig>>;

export async function setUpRig() {
  const clock = new FixedClock(START);
  const inbox = new SmtpInbox();
  const [issuer, redisServer, stripe] = await Promise.all([
    createTestIssuer(),
    startRedis(),
    // Without an address the stand-in keeps its webhooks: a proof delivers them.
    startStripeStandIn({ webhookSecrets: [WEBHOOK_SECRET], clock }),
    inbox.start(),
  ]);
  const redis = createRedis(redisServer.url);
  const databases = {
    reservas: await openDatabase('reservas', reservasMigrations),
    pagamentos: await openDatabase('pagamentos', pagamentosMigrations),
    notificacoes: await openDatabase('notificacoes', notificacoesMigrations),
  };
  const common = (service: Service) => ({
    clock,
    logger,
    dataSource: databases[service].dataSource,
    ids: new SequentialIds(),
    metrics: createMetrics(service),
  });

  const webhooks = { takesAtOnce: () => true, onHandled: () => {} };
  const trabalhoDeWebhooks: TrabalhoDeWebhooks = {
    offer: (work) =>
      webhooks.takesAtOnce()
        ? work().then((handled) => {
            if (handled) webhooks.onHandled();
            return handled;
          })
        : undefined,
    // The queue is worked on when the proof says so.
    wake: () => {},
  };

  const pagamentos = createPagamentos({
    ...common('pagamentos'),
    verifier: verifierOf(issuer, 'pagamentos'),
    trabalhoDeWebhooks,
    config: {
      stripeSecretKey: 'sk_test_rig_0123456789',
      stripeApiUrl: stripe.url,
      stripeWebhookSecrets: [WEBHOOK_SECRET],
      checkoutSuccessUrl: 'https://loja.test/ok',
      checkoutCancelUrl: 'https://loja.test/volta',
      trustedProxies: [],
    },
  });
  const pagamentosServer = await serve(
    [...pagamentos.services, ...authStandIn(issuer)],
    issuer,
    'pagamentos',
  );

  const reservasIds = new SequentialIds();
  const newReservas = (pagamentosAddress: string): ServiceParts =>
    createReservas({
      ...common('reservas'),
      ids: reservasIds,
      redis,
      chargeTimeoutMs: 2_000,
      config: {
        authAddress: pagamentosServer.address,
        pagamentosAddress,
        serviceSecret: SERVICE_SECRET,
        bonusPercentual: 10,
        idKey: Buffer.alloc(32, 1),
        calendarKeys: undefined,
        publicUrl: 'http://api.exemplo.com',
        calendarDomain: 'exemplo.com',
        databasePoolSize: 5,
        databaseReplicaUrl: undefined,
        trustedProxies: [],
      },
    });
  const reservas = newReservas(pagamentosServer.address);
  const withoutPagamentos = newReservas(`127.0.0.1:${await freePort()}`);
  const servers = {
    connected: await serve(reservas.services, issuer, 'reservas'),
    disconnected: await serve(withoutPagamentos.services, issuer, 'reservas'),
  };
  const notificacoes = createNotificacoes({
    ...common('notificacoes'),
    config: {
      ...{ smtpUrl: inbox.url, emailFrom: { nome: 'Plataforma', email: 'reservas@plataforma.local' } },
      ...{
        emailProvider: 'smtp',
        emailFallbackProvider: undefined,
        sendgridApiKey: undefined,
        resendApiKey: undefined,
      },
      ...{ sendgridUrl: '', resendUrl: '' },
      ...loadConfig({}, { ...smsFields, ...telefonesFields }),
      ...{ fcmServiceAccount: undefined, fcmUrl: '', vapidPrivateKey: undefined, webPushSubject: undefined },
      ...{ webPushHosts: [], webPushAllowLoopback: false },
      ...{ mongodbUrl: undefined, historyRetentionDays: 1_826 },
      ...{ authAddress: pagamentosServer.address, serviceSecret: SERVICE_SECRET },
      ...{ webhookKeys: [Buffer.alloc(32, 7)], webhookAllowLoopback: false, trustedProxies: [] },
      ...{ unsubscribeKeys: [Buffer.alloc(32, 8)], publicUrl: 'http://127.0.0.1:8000' },
    },
  });

  const serviceParts: Readonly<Record<Service, ServiceParts>> = { reservas, pagamentos, notificacoes };
  const query: Sources['query'] = (service, sql, values) => databases[service].dataSource.query(sql, values);
  const acts = prepareActs({
    ...{ clock, query, stripe, issuer },
    creditos: new PostgresLivroDeCreditos(databases.pagamentos.dataSource),
    addresses: {
      connected: servers.connected.address,
      disconnected: servers.disconnected.address,
      pagamentos: pagamentosServer.address,
    },
  });
  const [route] = pagamentos.routes ?? [];
  if (route === undefined) throw new Error('pagamentos has no route for webhooks');

  return {
    ...acts.acts,
    clock,
    serviceParts,
    /**
     * Asked for each webhook: is somebody free who deals with it as it comes, or is it stored for the worker? And told of
     * each that was dealt with as it came.
     */
    webhooks,
    query,
    stripe: stripe.control as Control,
    stripeUrl: stripe.url,
    ledger: async () => stripe.control.ledger(),
    emails: async () => inbox.ids,

    /** An event of Stripe at the door of pagamentos, signed. */
    async webhook(event: object): Promise<void> {
      const body = JSON.stringify(event);
      const signature = signatureHeader(body, [WEBHOOK_SECRET], Math.floor(clock.now().getTime() / 1000));
      const headers = { 'stripe-signature': signature };
      const request = { headers, rest: '', peer: '', query: new URLSearchParams(), body: Buffer.from(body) };
      await route.handle(request);
    },

    async tearDown(): Promise<void> {
      acts.close();
      for (const server of [...Object.values(servers), pagamentosServer]) await server.close();
      for (const parts of [...Object.values(serviceParts), withoutPagamentos])
        for (const work of parts.background ?? []) await work.stop();
      redis.disconnect();
      await Promise.all([redisServer.stop(), issuer.close(), stripe.stop(), inbox.stop()]);
      for (const database of Object.values(databases)) await database.close();
    },
  };
}

async function openDatabase(service: Service, migrations: readonly MigrationClass[]) {
  const { url, drop } = await createTestDatabase();
  const dataSource = createDataSource({
    url,
    applicationName: `rig-${service}`,
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });
  await dataSource.initialize();
  await migrate(dataSource);
  const close = () => dataSource.destroy().then(drop);
  return { dataSource, close };
}

function verifierOf({ jwksUrl, issuer, audience }: TestIssuer, service: Service) {
  return createTokenVerifier({ jwksUrl, issuer, audience: [audience, service] });
}

export async function serve(services: readonly RpcService[], issuer: TestIssuer, audience: Service) {
  const verifier = verifierOf(issuer, audience);
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services,
    interceptors: createInterceptors({ logger, verifier, services }),
    health: new Health(),
    reflection: false,
    logger,
  });
  return { address: `127.0.0.1:${server.port}`, close: () => server.close() };
}
