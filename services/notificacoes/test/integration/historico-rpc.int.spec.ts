import { createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { TipoRegistroHistorico } from '@plataforma/contratos/notificacoes/v1/historico_pb';
import { ModeloNotificacao } from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { logger } from '../support/harness.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await createTestIssuer();
});
beforeEach(async () => {
  const { cliente, reserva, harness } = testCase;
  const instancia = await testCase.start();
  const transport = createRouterTransport(
    (router) => {
      for (const { spec } of instancia.services.flatMap(({ methods }) => methods))
        router.rpc(spec.method, spec.impl);
    },
    {
      router: {
        interceptors: createInterceptors({
          logger,
          verifier: createTokenVerifier(issuer),
          services: instancia.services,
          looks: instancia.looks,
        }),
      },
    },
  );
  client = createClient(NotificacoesService, transport);
  await harness.registrar(cliente, 'Ana', 'ana@exemplo.com');
  await harness.confirmar(reserva, cliente);
  await eventually(async () => expect(await harness.historico(reserva)).toEqual(['CRIADA', 'ENVIADA']));
});
afterAll(() => issuer?.close());

let client: ReturnType<typeof createClient<typeof NotificacoesService>>;

const como = async (sub: string, papel = 'CLIENTE') => ({
  headers: { authorization: `Bearer ${await issuer.token({ sub, papeis: [papel] })}` },
});

/** Of the confirmation: there is a reminder, too, which is planned. */
const daConfirmacao = async () => {
  const { registros } = await client.obterHistorico({}, await como(testCase.cliente));
  return registros.filter(({ modelo }) => modelo === ModeloNotificacao.RESERVA_CONFIRMADA);
};

it('tells the owner of a message what happened to it, newest first, without where it went', async () => {
  const { cliente, reserva } = testCase;
  const registros = await daConfirmacao();
  expect(registros).toMatchObject([
    {
      sequencia: 2,
      tipo: TipoRegistroHistorico.ENVIADA,
      clienteId: cliente,
      reservaId: reserva,
      detalhe: '',
    },
    { sequencia: 1, tipo: TipoRegistroHistorico.CRIADA, clienteId: cliente, reservaId: reserva, detalhe: '' },
  ]);
  const texto = JSON.stringify(registros, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  expect(texto).not.toContain('exemplo.com');
});

it('tells it page by page, also of one message', async () => {
  const dono = await como(testCase.cliente);
  const notificacaoId = (await daConfirmacao())[0]?.notificacaoId ?? '';
  const primeira = await client.obterHistorico({ notificacaoId, pageSize: 1 }, dono);
  const { nextPageToken: pageToken } = primeira;
  const segunda = await client.obterHistorico({ notificacaoId, pageSize: 1, pageToken }, dono);
  const sequencias = [primeira, segunda].map(({ registros }) => registros.map(({ sequencia }) => sequencia));
  expect([sequencias, segunda.nextPageToken]).toEqual([[[2], [1]], '']);
  expect((await client.obterHistorico({}, dono)).registros).toHaveLength(3);
});

it('tells nobody else of it but an administrator', async () => {
  const { cliente } = testCase;
  const registros = await daConfirmacao();
  const notificacaoId = registros[0]?.notificacaoId ?? '';
  for (const papel of ['CLIENTE', 'GESTOR']) {
    const outro = await como('cli_outro', papel);
    expect((await client.obterHistorico({ notificacaoId, clienteId: cliente }, outro)).registros).toEqual([]);
  }
  const admin = await como('cli_adm', 'ADMIN');
  expect((await client.obterHistorico({ notificacaoId }, admin)).registros).toEqual(registros);
  expect((await client.obterHistorico({ clienteId: cliente }, admin)).registros).toHaveLength(3);
  expect((await client.obterHistorico({}, admin)).registros).toEqual([]);
});
