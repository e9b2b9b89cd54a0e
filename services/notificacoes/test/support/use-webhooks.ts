import { type Client, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { TipoDeEvento } from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import type { RpcService } from '@plataforma/runtime/rpc';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { logger } from './harness.ts';
import { Receptor } from './receptor.ts';
import type { TestCase } from './use-test-case.ts';

type Pessoa = { readonly sub: string; readonly papeis: readonly string[] };

/** What a test of webhooks works with besides: a receiver, and calls as an administrator and as others. */
interface Integracao {
  receptor: Receptor;
  /** Calls of `cli_adm` and the number of the test. */
  admin: Client<typeof WebhooksService>;
  como(pessoa: Pessoa): Promise<Client<typeof WebhooksService>>;
  /** Makes an address of the receiver, which verifies what it gets. */
  inscrever(pedido?: object): ReturnType<Client<typeof WebhooksService>['criarWebhook']>;
}

/** The webhooks of the running test: one copy of the service is started for it. */
export function useWebhooks(testCase: TestCase): Integracao {
  const integracao = {} as Integracao;
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await createTestIssuer();
  });

  beforeEach(async () => {
    // The public library compares with the clock of the machine.
    testCase.clock = new FixedClock(new Date().toISOString());
    integracao.receptor = new Receptor();
    const [{ services }] = await Promise.all([testCase.start(), integracao.receptor.start()]);
    integracao.como = (pessoa) => clienteDe(pessoa, services);
    integracao.admin = await integracao.como({ sub: `cli_adm${testCase.numero}`, papeis: ['ADMIN'] });
  });

  afterEach(async () => {
    await integracao.receptor.stop();
    await testCase.harness.database.dataSource.query('delete from webhooks');
    await testCase.harness.database.dataSource.query('delete from webhook_eventos');
  });

  afterAll(() => issuer?.close());

  async function clienteDe({ sub, papeis }: Pessoa, services: readonly RpcService[]) {
    const keys = new PostgresIdempotencyKeys(testCase.harness.database.dataSource);
    const verifier = createTokenVerifier(issuer);
    const interceptors = createInterceptors({ logger, verifier, services, keys });
    const transport = createRouterTransport(
      (router) => {
        for (const { methods } of services)
          for (const { spec } of methods) router.rpc(spec.method, spec.impl);
      },
      { router: { interceptors } },
    );
    const authorization = `Bearer ${await issuer.token({ sub, papeis: [...papeis] })}`;
    return createClient(WebhooksService, {
      ...transport,
      unary(method, signal, timeoutMs, header, input, values) {
        const headers = new Headers({ authorization, ...Object.fromEntries(new Headers(header)) });
        return transport.unary(method, signal, timeoutMs, headers, input, values);
      },
    });
  }

  integracao.inscrever = async (pedido = {}) => {
    const { RESERVA_CRIADA, RESERVA_CONFIRMADA, RESERVA_CANCELADA } = TipoDeEvento;
    const { receptor, admin } = integracao;
    const webhook = await admin.criarWebhook({
      ...{ nome: 'Loja', url: receptor.url, tipos: [RESERVA_CRIADA, RESERVA_CONFIRMADA, RESERVA_CANCELADA] },
      ...pedido,
    });
    receptor.chave = webhook.chave.startsWith('whsec_') ? webhook.chave : '';
    return webhook;
  };

  return integracao;
}
