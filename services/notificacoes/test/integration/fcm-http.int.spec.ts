import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FcmStandIn, fcmError } from '@plataforma/testing/providers/fcm';
import type { Answer } from '@plataforma/testing/providers/stand-in';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import { FcmCarteiro } from '../../src/canais/infrastructure/push/fcm-carteiro.ts';
import { AGORA, dito, HOSTIL, MENSAGEM } from '../support/push.ts';

const TIMEOUT_MS = 400;

const fcm = new FcmStandIn();

beforeAll(() => fcm.start());
afterAll(() => fcm.stop());
beforeEach(() => {
  fcm.devices.add('tok_1');
});
afterEach(() => {
  fcm.received.length = 0;
  fcm.tokens.issued.length = 0;
});

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
    expect(await enviar('tok_1', { ...MENSAGEM, urgente: true, validoAte: undefined })).toBe('taken');
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
