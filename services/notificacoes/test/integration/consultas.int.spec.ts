import { createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { logger } from '../support/harness.ts';
import { useTestCase } from '../support/use-test-case.ts';

/* What administrators are shown of other people is recorded before they see it (ADR-056). */

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
let issuer: TestIssuer;
let client: ReturnType<typeof createClient<typeof NotificacoesService>>;
let webhooks: ReturnType<typeof createClient<typeof WebhooksService>>;

beforeAll(async () => {
  issuer = await createTestIssuer();
});
beforeEach(async () => {
  const { cliente, reserva, harness } = testCase;
  const { services, looks } = await testCase.start();
  const verifier = createTokenVerifier(issuer);
  const transport = createRouterTransport(
    (router) => {
      for (const { spec } of services.flatMap(({ methods }) => methods)) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors: createInterceptors({ logger, verifier, services, looks }) } },
  );
  client = createClient(NotificacoesService, transport);
  webhooks = createClient(WebhooksService, transport);
  await harness.registrar(cliente, 'Ana', 'ana@exemplo.com');
  await harness.confirmar(reserva, cliente);
  await eventually(async () => expect(await harness.historico(reserva)).toEqual(['CRIADA', 'ENVIADA']));
  await query(`delete from outbox where assunto = 'notificacoes.v1.DadosConsultados'`);
});
afterAll(() => issuer?.close());

const query = (sql: string): Promise<Array<Record<string, Record<string, string>>>> =>
  testCase.harness.database.dataSource.query(sql);

const CHEFE = 'cli_chefe';
const como = async (sub: string, papel = 'CLIENTE') => ({
  headers: { authorization: `Bearer ${await issuer.token({ sub, papeis: [papel] })}` },
});

/** Whose data was seen by which RPC. */
async function consultas() {
  const rows = await query(
    `select payload from outbox where assunto = 'notificacoes.v1.DadosConsultados' order by posicao`,
  );
  return rows.map(({ payload }) => [payload?.autorId, payload?.usuarioId, payload?.rpc?.split('/')[1]]);
}

it('records what an administrator sees of the messages of somebody, once a minute', async () => {
  const { cliente, clock } = testCase;
  const chefe = await como(CHEFE, 'ADMIN');
  const { registros } = await client.obterHistorico({ clienteId: cliente }, chefe);
  await client.listarNotificacoes({ clienteId: cliente }, chefe);
  await client.listarNotificacoes({ clienteId: cliente, pageSize: 1 }, chefe);
  const looks = [
    [CHEFE, cliente, 'ObterHistorico'],
    [CHEFE, cliente, 'ListarNotificacoes'],
  ];
  expect(await consultas()).toEqual(looks);
  clock.advance(60_000);
  const notificacaoId = registros[0]?.notificacaoId ?? '';
  await client.obterHistorico({ notificacaoId }, chefe);
  expect(await consultas()).toEqual([...looks, [CHEFE, cliente, 'ObterHistorico']]);
});

it('records nothing of what people see of themselves, nor of what has nobody in it', async () => {
  const dono = await como(testCase.cliente);
  await client.obterHistorico({}, dono);
  await client.listarNotificacoes({ clienteId: testCase.cliente }, dono);
  const chefe = await como(CHEFE, 'ADMIN');
  await client.listarNotificacoes({}, chefe);
  await client.obterHistorico({}, chefe);
  await client.obterPreferencias({}, chefe);
  await webhooks.listarWebhooks({}, chefe);
  expect(await consultas()).toEqual([]);
});

it('shows nothing where the look cannot be recorded', async () => {
  const { cliente: clienteId } = testCase;
  await query(`
    create function recusar() returns trigger language plpgsql as 'begin raise exception ''recusado''; end';
    create trigger recusar before insert on outbox for each row execute function recusar()`);
  try {
    const chefe = await como(CHEFE, 'ADMIN');
    await expect(client.listarNotificacoes({ clienteId }, chefe)).rejects.toThrow('internal');
    await client.listarNotificacoes({}, await como(clienteId));
  } finally {
    await query('drop trigger recusar on outbox; drop function recusar()');
  }
});
