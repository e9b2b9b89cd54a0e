import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import type { Control } from '@plataforma/dev/stripe/control';
import { startStripeStandIn } from '@plataforma/dev/stripe/server';
import { signatureHeader } from '@plataforma/dev/stripe/webhooks';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, type MigrationClass, migrate } from '@plataforma/runtime/postgres';
import { createRedis } from '@plataforma/runtime/redis';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { ServiceParts } from '@plataforma/runtime/service';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { freePort } from '@plataforma/testing/servers/ports';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { createNotificacoes } from '../../../services/notificacoes/src/container.ts';
import { migrations as deNotificacoes } from '../../../services/notificacoes/src/persistence/migrations.ts';
import { SmtpInbox } from '../../../services/notificacoes/test/support/smtp-inbox.ts';
import { createPagamentos } from '../../../services/pagamentos/src/container.ts';
import { PostgresLivroDeCreditos } from '../../../services/pagamentos/src/creditos/infrastructure/livro-de-creditos.ts';
import { migrations as dePagamentos } from '../../../services/pagamentos/src/persistence/migrations.ts';
import type { TrabalhoDeWebhooks } from '../../../services/pagamentos/src/webhooks/application/receber-webhook.ts';
import { createReservas } from '../../../services/reservas/src/container.ts';
import { migrations as deReservas } from '../../../services/reservas/src/persistence/migrations.ts';
import type { Fontes } from '../livros/livros.ts';
import { COMECO, prepararAtos } from './atos.ts';

export const SERVICOS = ['reservas', 'pagamentos', 'notificacoes'] as const;
export type Servico = (typeof SERVICOS)[number];

const SEGREDO = 'segredo-de-reservas';
const WEBHOOK_SECRET = 'whsec_bancada_0123456789';

const logger = createLogger({ service: 'bancada', level: 'silent' });

/**
 * The three services of the money flow in one process, over real databases, a real SMTP server and the Stripe stand-in,
 * at a standstill: no clock runs, no message travels and no worker works until a proof says so.
 */
export type Bancada = Awaited<ReturnType<typeof montarBancada>>;

export async function montarBancada() {
  const clock = new FixedClock(COMECO);
  const inbox = new SmtpInbox();
  const [issuer, redisServer, stripe] = await Promise.all([
    createTestIssuer(),
    startRedis(),
    // Without an address the stand-in keeps its webhooks: a proof delivers them.
    startStripeStandIn({ webhookSecrets: [WEBHOOK_SECRET], clock }),
    inbox.start(),
  ]);
  const redis = createRedis(redisServer.url);
  const bancos = {
    reservas: await abrirBanco('reservas', deReservas),
    pagamentos: await abrirBanco('pagamentos', dePagamentos),
    notificacoes: await abrirBanco('notificacoes', deNotificacoes),
  };
  const comum = (servico: Servico) => ({
    clock,
    logger,
    dataSource: bancos[servico].dataSource,
    ids: new SequentialIds(),
    metrics: createMetrics(servico),
  });

  const webhooks = { aoChegar: () => true, aoTratar: () => {} };
  const trabalhoDeWebhooks: TrabalhoDeWebhooks = {
    offer: (work) =>
      webhooks.aoChegar()
        ? work().then((tratado) => {
            if (tratado) webhooks.aoTratar();
            return tratado;
          })
        : undefined,
    // The queue is worked on when the proof says so.
    wake: () => {},
  };

  const pagamentos = createPagamentos({
    ...comum('pagamentos'),
    verifier: verificadorDe(issuer, 'pagamentos'),
    trabalhoDeWebhooks,
    config: {
      stripeSecretKey: 'sk_test_bancada_0123456789',
      stripeApiUrl: stripe.url,
      stripeWebhookSecrets: [WEBHOOK_SECRET],
      checkoutSuccessUrl: 'https://loja.test/ok',
      checkoutCancelUrl: 'https://loja.test/volta',
    },
  });
  const portaDePagamentos = await servir([...pagamentos.services, tokens(issuer)], issuer, 'pagamentos');

  const idsDeReservas = new SequentialIds();
  const novoReservas = (pagamentosAddress: string): ServiceParts =>
    createReservas({
      ...comum('reservas'),
      ids: idsDeReservas,
      redis,
      chargeTimeoutMs: 2_000,
      config: {
        authAddress: portaDePagamentos.address,
        pagamentosAddress,
        serviceSecret: SEGREDO,
        bonusPercentual: 10,
        idKey: Buffer.alloc(32, 1),
        calendarKeys: undefined,
        publicUrl: 'http://api.exemplo.com',
        calendarDomain: 'exemplo.com',
        databasePoolSize: 5,
        databaseReplicaUrl: undefined,
      },
    });
  const reservas = novoReservas(portaDePagamentos.address);
  const semPagamentos = novoReservas(`127.0.0.1:${await freePort()}`);
  const portas = {
    ligada: await servir(reservas.services, issuer, 'reservas'),
    desligada: await servir(semPagamentos.services, issuer, 'reservas'),
  };
  const notificacoes = createNotificacoes({
    ...comum('notificacoes'),
    config: { smtpUrl: inbox.url, emailFrom: { nome: 'Plataforma', email: 'reservas@plataforma.local' } },
  });

  const partes: Readonly<Record<Servico, ServiceParts>> = { reservas, pagamentos, notificacoes };
  const query: Fontes['query'] = (servico, sql, valores) => bancos[servico].dataSource.query(sql, valores);
  const atos = prepararAtos({
    ...{ clock, query, stripe, issuer },
    creditos: new PostgresLivroDeCreditos(bancos.pagamentos.dataSource),
    enderecos: {
      ligada: portas.ligada.address,
      desligada: portas.desligada.address,
      pagamentos: portaDePagamentos.address,
    },
  });
  const [rota] = pagamentos.routes ?? [];
  if (rota === undefined) throw new Error('pagamentos has no route for webhooks');

  return {
    ...atos.atos,
    clock,
    partes,
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
    async webhook(evento: object): Promise<void> {
      const corpo = JSON.stringify(evento);
      const assinatura = signatureHeader(corpo, [WEBHOOK_SECRET], Math.floor(clock.now().getTime() / 1000));
      const headers = { 'stripe-signature': assinatura };
      const pedido = { headers, rest: '', query: new URLSearchParams(), body: Buffer.from(corpo) };
      await rota.handle({ ...pedido, signal: new AbortController().signal });
    },

    async desmontar(): Promise<void> {
      atos.fechar();
      for (const porta of [...Object.values(portas), portaDePagamentos]) await porta.close();
      for (const parts of [...Object.values(partes), semPagamentos])
        for (const work of parts.background ?? []) await work.stop();
      redis.disconnect();
      await Promise.all([redisServer.stop(), issuer.close(), stripe.stop(), inbox.stop()]);
      for (const banco of Object.values(bancos)) await banco.fechar();
    },
  };
}

async function abrirBanco(servico: Servico, migrations: readonly MigrationClass[]) {
  const { url, drop } = await createTestDatabase();
  const dataSource = createDataSource({
    url,
    applicationName: `bancada-${servico}`,
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });
  await dataSource.initialize();
  await migrate(dataSource);
  const fechar = () => dataSource.destroy().then(drop);
  return { dataSource, fechar };
}

function verificadorDe({ jwksUrl, issuer, audience }: TestIssuer, servico: Servico) {
  return createTokenVerifier({ jwksUrl, issuer, audience: [audience, servico] });
}

export async function servir(services: readonly RpcService[], issuer: TestIssuer, audience: Servico) {
  const verifier = verificadorDe(issuer, audience);
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

/** auth as far as reservas calls it. */
export function tokens(issuer: TestIssuer): RpcService {
  return rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: {
      issueServiceToken: async ({ servico, audiencia }) => ({
        accessToken: await issuer.token({ sub: servico, tipo: 'servico', audience: audiencia }),
        tokenType: 'Bearer',
        expiresIn: 900,
      }),
    },
  });
}
