import { type Client, Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { FcmStandIn } from '@plataforma/testing/providers/fcm';
import { PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { TWILIO_ACCOUNT, TwilioStandIn } from '@plataforma/testing/providers/twilio';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import { logger } from '../support/harness.ts';
import { comIdiomas, ptBR } from '../support/idiomas.ts';
import { lerMime } from '../support/mime.ts';
import { pseudoIdioma } from '../support/pseudo-idioma.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const NUMERO = '+5511987654321';
/** Greek by its name; its letters are none of ours. */
const OUTRO = pseudoIdioma(ptBR) as typeof ptBR;
/** Before what a reservation is about. */
const inicioDe = (assunto: string) => assunto.slice(0, assunto.indexOf('{'));

const testCase = useTestCase();
const fcm = new FcmStandIn();
const twilio = new TwilioStandIn();
let issuer: TestIssuer;
let notificacoes: Client<typeof NotificacoesService>;

beforeAll(async () => {
  [issuer] = await Promise.all([createTestIssuer(), fcm.start(), twilio.start()]);
});
afterAll(() => Promise.all([issuer.close(), fcm.stop(), twilio.stop()]));

beforeEach(async () => {
  fcm.received.length = 0;
  twilio.received.length = 0;
  testCase.harness.push = { fcmServiceAccount: lerContaDeServico(fcm.credentials), fcmUrl: fcm.url };
  testCase.harness.sms = {
    ...{
      smsProvider: 'twilio',
      twilioAccountSid: TWILIO_ACCOUNT,
      twilioAuthToken: PROVIDER_KEY,
      twilioUrl: twilio.url,
    },
    ...{ twilioFrom: '+15005550006', smsDailyLimit: 1_000 },
  };
});

afterEach(() => {
  testCase.harness.idiomas = undefined;
});

const sql = (texto: string, valores: unknown[] = []) =>
  testCase.harness.database.dataSource.query(texto, valores);

/** The service with these languages, an account that is known, and a caller that is its owner. */
async function comecar(): Promise<void> {
  const { services } = await testCase.start();
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services });
  const transport = createRouterTransport(
    (router) => {
      for (const { methods } of services) for (const { spec } of methods) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  notificacoes = createClient(NotificacoesService, transport);
  await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
}

const autorizada = async () => ({
  headers: { authorization: `Bearer ${await issuer.token({ sub: testCase.cliente, papeis: ['CLIENTE'] })}` },
});
const escolher = async (idioma: string) =>
  notificacoes.ajustarPreferencias({ push: true, idioma }, await autorizada());

/** A device, and a number that is proved. */
async function ligarCanais(): Promise<void> {
  const { cliente } = testCase;
  const token = `tok_${testCase.numero}`;
  fcm.devices.add(token);
  await sql(
    `insert into dispositivos_push (id, cliente_id, tipo, nome, impressao, token, geracao, sessao_id, criado_em, registrado_em)
     values ($1, $2, 'FCM', 'Um', sha256('x'), $3, 1, 'ses', now(), now())`,
    [`dsp_${testCase.numero}`, cliente, token],
  );
  await sql('insert into telefones (cliente_id, numero, provado_em) values ($1, $2, now())', [
    cliente,
    NUMERO,
  ]);
  const escolhas = { email: true, sms: true, push: false, lembretes: true, telefone: NUMERO };
  await notificacoes.atualizarPreferencias(escolhas, await autorizada());
}

/** What the link of a letter shows. */
async function pagina(cabecalho: string): Promise<unknown> {
  const { pathname, searchParams: query } = new URL(cabecalho.slice(1, -1));
  const route = testCase.instances[0]?.routes.find(
    ({ method, path }) => method === 'GET' && /descadastro/.test(path),
  );
  const pedido = {
    rest: pathname.slice(pathname.lastIndexOf('/') + 1),
    query,
    headers: {},
    body: Buffer.alloc(0),
  };
  return (await route?.handle({ ...pedido, peer: '127.0.0.1' }))?.body;
}

const cartas = () => testCase.smtp.received.map(({ raw }) => lerMime(raw));

describe('a second language', () => {
  it('is a file in the folder: it can be chosen, and messages come in it by every channel', async () => {
    testCase.harness.idiomas = comIdiomas({ el: OUTRO });
    await comecar();
    await ligarCanais();
    expect(await escolher('el')).toMatchObject({ idioma: 'el' });
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => {
      expect(cartas()).toHaveLength(1);
      expect([fcm.received.length, twilio.received.length]).toEqual([1, 1]);
    });
    const inicio = inicioDe(OUTRO.reservaConfirmada.assunto);
    const [carta] = cartas();
    expect(carta?.cabecalhos.get('subject')).toContain(inicio);
    const [texto, html] = carta?.partes.map((parte) => parte.texto) ?? [];
    expect(texto).toContain(OUTRO.reservaConfirmada.abertura);
    expect(html).toContain('<html lang="el" dir="ltr">');
    expect(fcm.received[0]?.notification?.title).toBe(OUTRO.reservaConfirmada.cabecalho);
    expect(twilio.received[0]?.Body).not.toMatch(/reserva|confirmada/i);
    const { notificacoes: listadas } = await notificacoes.listarNotificacoes({}, await autorizada());
    const assuntos = listadas.map(({ assunto }) => assunto);
    expect(assuntos).toEqual([1, 2, 3].map(() => expect.stringContaining(inicio)));
  });

  it('holds for what waits already', async () => {
    testCase.harness.idiomas = comIdiomas({ el: OUTRO });
    await comecar();
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => expect(cartas()).toHaveLength(1));
    expect(cartas()[0]?.cabecalhos.get('subject')).toMatch(/^Reserva confirmada: /);
    await notificacoes.ajustarPreferencias({ idioma: 'el' }, await autorizada());
    testCase.clock.set('2026-11-24T10:00:00Z');
    await eventually(() => expect(cartas()).toHaveLength(2));
    const lembrete = cartas()[1]?.cabecalhos;
    expect(lembrete?.get('subject')).toContain(inicioDe(OUTRO.lembreteReserva.assunto));
    expect(await pagina(lembrete?.get('list-unsubscribe') ?? '')).toContain(OUTRO.descadastro.pergunta);
  });

  it('cannot be chosen without its file', async () => {
    await comecar();
    const error = ConnectError.from(await escolher('el').catch((reason: unknown) => reason));
    expect([error.code, motivoDe(error)]).toEqual([Code.InvalidArgument, 'IDIOMA_INEXISTENTE']);
  });
});
