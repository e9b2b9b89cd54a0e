import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FcmStandIn, fcmError } from '@plataforma/testing/providers/fcm';
import type { Answer } from '@plataforma/testing/providers/stand-in';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import type { Entrega } from '../../src/canais/application/carteiro.ts';
import type { AparelhoWebPush, MensagemPush } from '../../src/canais/domain/push.ts';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import { FcmCarteiro } from '../../src/canais/infrastructure/push/fcm-carteiro.ts';
import { lerChaveVapid } from '../../src/canais/infrastructure/push/vapid.ts';
import { WebPushCarteiro } from '../../src/canais/infrastructure/push/web-push-carteiro.ts';
import { DnsResolvedor } from '../../src/rede/infrastructure/resolvedor.ts';

const AGORA = new Date();
const MENSAGEM: MensagemPush = {
  id: 'not_1',
  titulo: 'Reserva confirmada',
  corpo: 'Sala Ipê, 24/11, das 14h às 16h',
  caminho: '/reservas/res_1',
  urgente: false,
  validaAte: new Date(AGORA.getTime() + 90_500),
};
const HOSTIL = `\u202Egnol\u0000 "\\'<b>\n${'🏢\u{1F468}\u200D\u{1F469}\u200D\u{1F467} عربى '.repeat(1_000)}\uD800`;
const TIMEOUT_MS = 400;
const CHAVE = lerChaveVapid('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw');
const OUTRA = lerChaveVapid('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94');

const fcm = new FcmStandIn();
const servico = new WebPushStandIn();

beforeAll(() => Promise.all([fcm.start(), servico.start()]));
afterAll(() => Promise.all([fcm.stop(), servico.stop()]));
beforeEach(() => {
  fcm.devices.add('tok_1');
});
afterEach(() => {
  fcm.received.length = 0;
  servico.received.length = 0;
  fcm.tokens.issued.length = 0;
  servico.authorizations.length = 0;
});

/** `taken`, or kind, text, wait and what it says of the device. */
function dito(entrega: Entrega): unknown {
  if (!entrega.isFailure) return 'taken';
  const { tipo, message, depoisDeMs, sobreODestino } = entrega.error;
  return [tipo, message, ...(depoisDeMs ? [depoisDeMs] : []), ...(sobreODestino ? [sobreODestino] : [])];
}

describe('FcmCarteiro', () => {
  let agora = AGORA;
  let carteiro: FcmCarteiro;
  const enviar = async (token = 'tok_1', mensagem = MENSAGEM) =>
    dito(await carteiro.enviar({ ...mensagem, aparelho: { tipo: 'FCM', token } }));

  beforeEach(() => {
    agora = AGORA;
    carteiro = new FcmCarteiro({
      url: fcm.url,
      conta: lerContaDeServico(fcm.credentials),
      timeoutMs: TIMEOUT_MS,
      agora: () => agora,
    });
  });

  it('hands a message over as FCM documents it, and tells what FCM calls it', async () => {
    const entrega = await carteiro.enviar({ ...MENSAGEM, aparelho: { tipo: 'FCM', token: 'tok_1' } });
    expect(entrega).toMatchObject({
      value: {
        provedor: 'fcm',
        idDoProvedor: expect.stringMatching(/^projects\/plataforma-local\/messages\/0:.+/),
      },
    });
    expect(fcm.received).toEqual([
      expect.objectContaining({
        token: 'tok_1',
        notification: { title: 'Reserva confirmada', body: 'Sala Ipê, 24/11, das 14h às 16h' },
        data: { id: 'not_1', caminho: '/reservas/res_1' },
        android: { priority: 'NORMAL', ttl: '90s', notification: { tag: 'not_1' } },
      }),
    ]);
    expect(JSON.stringify(fcm.received)).not.toContain('collapse_key');
  });

  it('wakes a device for what is urgent, and waits four weeks for one when there is no end', async () => {
    expect(await enviar('tok_1', { ...MENSAGEM, urgente: true, validaAte: undefined })).toBe('taken');
    expect(fcm.received[0]).toMatchObject({
      android: { priority: 'HIGH', ttl: '2419200s' },
      apns: { headers: { 'apns-priority': '10', 'apns-collapse-id': 'not_1' } },
    });
  });

  it('writes whatever people call things as short lines', async () => {
    expect(await enviar('tok_1', { ...MENSAGEM, titulo: HOSTIL, corpo: HOSTIL, caminho: HOSTIL })).toBe(
      'taken',
    );
    const [{ notification, data } = { notification: { title: '', body: '' }, data: {} }] = fcm.received;
    expect(notification.title).toMatch(/^gnol "\\'<b> 🏢/u);
    expect([[...notification.title].length, [...notification.body].length]).toEqual([100, 400]);
    expect(data).toEqual({ id: 'not_1' });
  });

  it('asks once for an access token, however many messages wait for it, and again shortly before its end', async () => {
    expect(await Promise.all([enviar(), enviar(), enviar()])).toEqual(['taken', 'taken', 'taken']);
    await enviar();
    expect(fcm.tokens.issued).toHaveLength(1);
    agora = new Date(AGORA.getTime() + 3_599_000 - 5 * 60_000);
    await enviar();
    expect(fcm.tokens.issued).toHaveLength(2);
  });

  it('has a new access token after one was taken back', async () => {
    await enviar();
    fcm.tokens.revoke();
    expect(await enviar()).toEqual(['CREDENCIAIS', 'FCM HTTP 401']);
    expect(await enviar()).toBe('taken');
  });

  it.each<[string, Answer, unknown]>([
    ['an account that is gone', { status: 400, body: { error: 'invalid_grant' } }, 'CREDENCIAIS'],
    ['a client that is refused', { status: 401, body: { error: 'invalid_client' } }, 'CREDENCIAIS'],
    ['an outage', { status: 503 }, 'INDISPONIVEL'],
    ['something that is no token', { status: 200, body: { access_token: 5 } }, 'INDISPONIVEL'],
  ])('says so when the token endpoint answers %s', async (_, resposta, tipo) => {
    fcm.tokens.faults.push(resposta);
    expect(await enviar()).toEqual([tipo, `FCM token HTTP ${resposta.status}`]);
    expect(await enviar()).toBe('taken');
  });

  it.each<[string, Answer, unknown[]]>([
    [
      'UNREGISTERED',
      fcmError(404, 'UNREGISTERED'),
      ['PERMANENTE', 'FCM HTTP 404 UNREGISTERED', 'INEXISTENTE'],
    ],
    [
      'SENDER_ID_MISMATCH',
      fcmError(403, 'SENDER_ID_MISMATCH'),
      ['PERMANENTE', 'FCM HTTP 403 SENDER_ID_MISMATCH', 'INEXISTENTE'],
    ],
    [
      'THIRD_PARTY_AUTH_ERROR',
      fcmError(401, 'THIRD_PARTY_AUTH_ERROR'),
      ['CREDENCIAIS', 'FCM HTTP 401 THIRD_PARTY_AUTH_ERROR'],
    ],
    ['a project that is not ours', fcmError(403), ['CREDENCIAIS', 'FCM HTTP 403']],
    ['a wrong address', fcmError(404), ['INDISPONIVEL', 'FCM HTTP 404']],
    [
      'QUOTA_EXCEEDED',
      fcmError(429, 'QUOTA_EXCEEDED', { 'retry-after': '60' }),
      ['INDISPONIVEL', 'FCM HTTP 429 QUOTA_EXCEEDED', 60_000],
    ],
    ['INTERNAL', fcmError(500, 'INTERNAL'), ['INDISPONIVEL', 'FCM HTTP 500 INTERNAL']],
    ['UNAVAILABLE', fcmError(503, 'UNAVAILABLE'), ['INDISPONIVEL', 'FCM HTTP 503 UNAVAILABLE']],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      ['INDISPONIVEL', 'FCM HTTP 302'],
    ],
  ])('says what %s means', async (_, resposta, esperado) => {
    fcm.faults.push(resposta);
    expect(await enviar()).toEqual(esperado);
  });

  it('knows a device that has lost the app, and a token that is none', async () => {
    expect(await enviar('tok_longe')).toEqual(['PERMANENTE', 'FCM HTTP 404 UNREGISTERED', 'INEXISTENTE']);
    expect(await enviar('no token')).toEqual(['PERMANENTE', 'FCM HTTP 400 INVALID_ARGUMENT', 'INEXISTENTE']);
  });

  it('gives a message up, and not the device, when a member of it is wrong', async () => {
    expect(await enviar('tok_1', { ...MENSAGEM, titulo: '' })).toEqual(['PERMANENTE', 'FCM HTTP 400']);
  });

  it.each(['SILENCE', 'CUT'] as const)(
    'takes it for an outage when there is no answer: %s',
    async (tropeco) => {
      await enviar();
      fcm.faults.push(tropeco);
      expect(await enviar()).toEqual([
        'INDISPONIVEL',
        expect.stringMatching(/^FCM (?:TimeoutError|UND_ERR_SOCKET)$/),
      ]);
    },
  );
});

describe('WebPushCarteiro', () => {
  const inscrever = (chavePublica: string): AparelhoWebPush & { readonly id: string } => ({
    ...{ tipo: 'WEB_PUSH', chavePublica },
    ...servico.subscribe(chavePublica),
  });
  let agora = AGORA;
  let carteiro: WebPushCarteiro;
  let aparelho: AparelhoWebPush & { readonly id: string };
  const enviar = async (mensagem = MENSAGEM) => dito(await carteiro.enviar({ ...mensagem, aparelho }));
  const novo = (chave = CHAVE, permiteLocal = true, hosts = ['push.exemplo.com']) =>
    new WebPushCarteiro({
      ...{ chave, permiteLocal, contato: 'mailto:push@exemplo.com', hosts },
      ...{ resolvedor: new DnsResolvedor(), timeoutMs: TIMEOUT_MS, agora: () => agora },
    });

  beforeEach(() => {
    agora = AGORA;
    carteiro = novo();
    aparelho = inscrever(CHAVE.publica);
  });

  it('hands a message over that the browser, and nobody else, can read', async () => {
    expect(await enviar()).toBe('taken');
    const { titulo, corpo, caminho } = MENSAGEM;
    expect(servico.received).toEqual([
      {
        subscription: aparelho.id,
        clear: { id: 'not_1', titulo, corpo, caminho },
        topic: expect.stringMatching(/^[\w-]{32}$/),
        ttl: 90,
        urgency: 'normal',
        bytes: expect.any(Number),
      },
    ]);
  });

  it('makes one message of two with the same identity, and two of two', async () => {
    await enviar();
    await enviar();
    await enviar({ ...MENSAGEM, id: 'not_2', urgente: true, validaAte: undefined });
    expect(servico.received).toHaveLength(3);
    expect(servico.waiting(aparelho.id).map(({ clear, ttl, urgency }) => [clear.id, ttl, urgency])).toEqual([
      ['not_1', 90, 'normal'],
      ['not_2', 2_419_200, 'high'],
    ]);
  });

  it('writes whatever people call things into one record', async () => {
    expect(await enviar({ ...MENSAGEM, titulo: HOSTIL, corpo: HOSTIL, caminho: HOSTIL })).toBe('taken');
    const [{ clear, bytes } = { clear: {}, bytes: 0 }] = servico.received;
    expect(bytes).toBeLessThanOrEqual(4_096);
    expect(clear).toEqual({
      id: 'not_1',
      titulo: expect.stringMatching(/^gnol /),
      corpo: expect.any(String),
    });
  });

  it('signs once for a push service, and again before the end', async () => {
    await enviar();
    await enviar();
    agora = new Date(AGORA.getTime() + 11 * 3_600_000 + 1);
    await enviar();
    expect(new Set(servico.authorizations)).toHaveProperty('size', 2);
  });

  it('knows a browser that has unsubscribed', async () => {
    servico.unsubscribe(aparelho.id);
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push HTTP 410', 'INEXISTENTE']);
  });

  it('does not try a subscription that was made for another key', async () => {
    carteiro = novo(OUTRA);
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push subscription of another key', 'INEXISTENTE']);
    expect(servico.authorizations).toEqual([]);
  });

  it('blames our key for a refusal, until the push service has taken something by it', async () => {
    const boa = aparelho;
    aparelho = { ...inscrever(OUTRA.publica), chavePublica: CHAVE.publica };
    expect(await enviar()).toEqual(['CREDENCIAIS', 'Web Push HTTP 403']);
    await carteiro.enviar({ ...MENSAGEM, aparelho: boa });
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push HTTP 403', 'INEXISTENTE']);
  });

  it.each<[number, unknown[]]>([
    [404, ['PERMANENTE', 'Web Push HTTP 404', 'INEXISTENTE']],
    [413, ['PERMANENTE', 'Web Push HTTP 413']],
    [400, ['PERMANENTE', 'Web Push HTTP 400']],
    [401, ['CREDENCIAIS', 'Web Push HTTP 401']],
  ])('says what %s means', async (status, esperado) => {
    servico.faults.push({ status });
    expect(await enviar()).toEqual(esperado);
  });

  it.each([429, 500, 302])(
    'takes %s for an outage of a push service that has taken something, and of the others for the fault of the device',
    async (status) => {
      const tropeco = { status, headers: { 'retry-after': '120', location: 'http://127.0.0.1:1/' } };
      servico.faults.push(tropeco);
      expect(await enviar()).toEqual(['TEMPORARIA', `Web Push HTTP ${status}`, 120_000]);
      await enviar();
      servico.faults.push(tropeco);
      expect(await enviar()).toEqual(['INDISPONIVEL', `Web Push HTTP ${status}`, 120_000]);
    },
  );

  it('lets no name that a caller has thought of stop the channel', async () => {
    carteiro = novo(CHAVE, false, ['*.invalido.exemplo.com']);
    aparelho = { ...aparelho, endpoint: 'https://ninguem.invalido.exemplo.com/push/x' };
    expect(await enviar()).toEqual(['TEMPORARIA', expect.stringMatching(/^Web Push \w+$/)]);
  });

  it.each(['SILENCE', 'CUT'] as const)(
    'takes it for an outage when there is no answer: %s',
    async (tropeco) => {
      await enviar();
      servico.faults.push(tropeco);
      const [tipo, texto] = (await enviar()) as string[];
      expect(tipo).toBe('INDISPONIVEL');
      // The address of a device is a secret.
      expect(texto).toMatch(/^Web Push \w+$/);
    },
  );

  it.each([
    'http://127.0.0.1:9999/push/x',
    'https://169.254.169.254/latest',
    'https://exemplo.com/push/x',
    'https://push.exemplo.com.atacante.com/x',
    'https://push.exemplo.com@10.0.0.1/x',
    'https://push.exemplo.com:8443/push/x',
  ])('asks nothing of %s, wherever it has come from', async (endpoint) => {
    carteiro = novo(CHAVE, false);
    aparelho = { ...aparelho, endpoint };
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push address not allowed', 'INEXISTENTE']);
  });
});
