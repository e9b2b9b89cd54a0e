import { createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { isRead } from '@plataforma/runtime/rpc';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { Harness, type Instance, logger } from '../support/harness.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const smtp = new SmtpInbox();
let harness: Harness;
let issuer: TestIssuer;
let instancia: Instance;

beforeAll(async () => {
  [harness, issuer] = await Promise.all([Harness.start(), createTestIssuer(), smtp.start()]);
  instancia = await harness.instance(smtp.url, new FixedClock('2026-11-20T13:00:00Z'));
  await harness.registrar('cli_ana', 'Ana', 'ana@exemplo.com');
});

afterAll(async () => {
  await instancia?.stop();
  await smtp.stop();
  await issuer?.close();
  await harness?.stop();
});

it('answers every repeated call from its effect, which others have changed since', async () => {
  const { services } = instancia;
  const methods = services.flatMap((service) => service.methods);
  const mudam = methods.filter(({ spec, implemented }) => implemented && !isRead(spec.method));
  expect(mudam.map(({ spec, load }) => [spec.method.name, load !== undefined])).toEqual([
    ['AtualizarPreferencias', true],
    ['AjustarPreferencias', true],
    ['LiberarContato', true],
    ['PedirCodigoDeTelefone', true],
    ['ConfirmarTelefone', true],
    ['RegistrarDispositivo', true],
    ['RemoverDispositivo', true],
    ['CriarWebhook', true],
    ['AtualizarWebhook', true],
    ['TrocarChaveWebhook', true],
    ['AtivarWebhook', true],
    ['DesativarWebhook', true],
    ['ApagarWebhook', true],
    ['Reentregar', true],
    ['TestarWebhook', true],
    // The receiver knows by the id of an event what it has.
    ['RepetirEventos', false],
  ]);
  const keys = new PostgresIdempotencyKeys(harness.database.dataSource);
  const verifier = createTokenVerifier(issuer);
  const interceptors = createInterceptors({ logger, verifier, services, keys });
  const transport = createRouterTransport(
    (router) => {
      for (const { spec } of methods) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  const client = createClient(NotificacoesService, transport);
  const authorization = `Bearer ${await issuer.token({ sub: 'cli_ana' })}`;
  const chave = { headers: { authorization, 'idempotency-key': 'chave' } };
  const pedido = { email: false, sms: false, push: true, lembretes: true, telefone: '' };
  const primeira = await client.atualizarPreferencias(pedido, chave);
  expect(await client.atualizarPreferencias(pedido, chave)).toEqual(primeira);
  await client.atualizarPreferencias({ ...pedido, email: true }, { headers: { authorization } });
  const depois = await client.atualizarPreferencias(pedido, chave);
  expect([primeira.email, depois.email]).toEqual([false, true]);
});
