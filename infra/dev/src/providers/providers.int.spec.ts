import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FCM_ACCOUNT } from '@plataforma/testing/providers/fcm';
import { TWILIO_ACCOUNT } from '@plataforma/testing/providers/twilio';
import { freePort } from '@plataforma/testing/servers/ports';
import { lerContaDeServico } from '../../../../services/notificacoes/src/canais/infrastructure/push/conta-de-servico.ts';
import { FcmCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/push/fcm-carteiro.ts';
import { lerChaveVapid } from '../../../../services/notificacoes/src/canais/infrastructure/push/vapid.ts';
import { WebPushCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/push/web-push-carteiro.ts';
import { DnsResolvedor } from '../../../../services/notificacoes/src/rede/infrastructure/resolvedor.ts';
import type { KeptMessage } from './kept-message.ts';
import { Providers } from './providers.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const VAPID = lerChaveVapid('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw');
const { privateKey: events } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const keys = {
  ...{
    key: 'chave-dos-substitutos',
    eventsUrl: 'http://127.0.0.1:9',
    twilioAuthToken: 'segredo-da-twilio-01',
  },
  sendGridWebhookKey: events.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  resendWebhookSecret: `whsec_${Buffer.alloc(24).toString('base64')}`,
  fcmPublicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  webPushPublicKey: VAPID.publica,
};
const HOSTILE = '<script>alert(1)</script>"\'&';
const NOTICE = {
  ...{ id: 'not_1', titulo: 'Reserva confirmada', corpo: 'Sala Ipê', caminho: '/reservas/res_1' },
  ...{ urgente: true, validoAte: undefined },
};

let providers: Providers;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  providers = new Providers({ port, ...keys });
  await providers.start(port);
  url = providers.url;
});
beforeEach(() => fetch(`${url}/messages`, { method: 'DELETE' }));
afterAll(() => providers.stop());

const messages = async () => (await (await fetch(`${url}/messages`)).json()) as KeptMessage[];

const sms = (fields: Record<string, string>, token = keys.twilioAuthToken) =>
  fetch(`${url}/2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${TWILIO_ACCOUNT}:${token}`).toString('base64')}` },
    body: new URLSearchParams({ To: '+5511987654321', From: '+15005550006', Body: 'Oi', ...fields }),
  });

describe('the stand-in of Twilio', () => {
  it('takes a message under the key of the account, counts its parts and shows it', async () => {
    const answer = await sms({ Body: 'Reserva às 14h: código 1234' });
    expect([answer.status, await answer.json()]).toEqual([
      201,
      expect.objectContaining({ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), num_segments: '1' }),
    ]);
    await sms({ Body: 'ã'.repeat(71) });
    await sms({ Body: '€'.repeat(81) });
    expect(await messages()).toMatchObject([
      { parts: 2 },
      { parts: 2 },
      { channel: 'SMS', to: '+5511987654321', from: '+15005550006', text: 'Reserva às 14h: código 1234' },
    ]);
  });

  it.each([
    ['another key', {}, 'outro', 401, 20003],
    ['no number', { To: '11987654321' }, undefined, 400, 21211],
    ['no text', { Body: '' }, undefined, 400, 21617],
    ['no address to tell', { StatusCallback: 'nenhum' }, undefined, 400, 21609],
  ])('refuses %s as Twilio does', async (_, fields, token, status, code) => {
    const answer = await sms(fields, token);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect(await messages()).toEqual([]);
  });
});

describe('the stand-in of FCM', () => {
  const carteiro = (key = privateKey) =>
    new FcmCarteiro({
      url,
      conta: lerContaDeServico(
        JSON.stringify({
          ...{ ...FCM_ACCOUNT, token_uri: `${url}/token` },
          private_key: key.export({ type: 'pkcs8', format: 'pem' }),
        }),
      ),
    });
  const push = (token: string, key = privateKey) =>
    carteiro(key).enviar({ ...NOTICE, aparelho: { tipo: 'FCM', token } });

  it('shows what an app was sent by the service account', async () => {
    expect((await push('aparelho-1')).isFailure).toBe(false);
    expect(await messages()).toMatchObject([
      { channel: 'PUSH', to: 'aparelho-1', title: 'Reserva confirmada', text: 'Sala Ipê' },
    ]);
  });

  it('refuses an assertion by another key, and an app that is gone', async () => {
    const { privateKey: outra } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(await push('aparelho-1', outra)).toMatchObject({ error: { tipo: 'CREDENCIAIS' } });
    expect(await push('aparelho-0000')).toMatchObject({ error: { sobreODestino: 'INEXISTENTE' } });
    expect(await messages()).toEqual([]);
  });
});

describe('the push service of browsers', () => {
  const subscribe = (vapid: unknown, type = 'application/webpush-options+json') =>
    fetch(`${url}/subscribe`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ vapid }),
    });
  const notify = (subscription: { endpoint: string; keys: { p256dh: string; auth: string } }) =>
    new WebPushCarteiro({
      ...{ chave: VAPID, permiteLocal: true, contato: 'mailto:push@exemplo.com', hosts: [] },
      resolvedor: new DnsResolvedor(),
    }).enviar({
      ...NOTICE,
      aparelho: {
        ...{ tipo: 'WEB_PUSH', endpoint: subscription.endpoint, ...subscription.keys },
        chavePublica: VAPID.publica,
      },
    });

  it('subscribes a browser as the RFCs say, reads what it is sent, and forgets it', async () => {
    const subscribed = await subscribe(VAPID.publica);
    const { endpoint, keys: browser } = (await subscribed.json()) as Parameters<typeof notify>[0];
    expect([subscribed.status, subscribed.headers.get('link')]).toEqual([
      201,
      `<${endpoint}>; rel="urn:ietf:params:push"`,
    ]);
    expect((await notify({ endpoint, keys: browser })).isFailure).toBe(false);
    expect(await messages()).toMatchObject([
      {
        ...{ channel: 'WEB_PUSH', title: 'Reserva confirmada', text: 'Sala Ipê' },
        to: endpoint.split('/').at(-1),
      },
    ]);
    const gone = () => fetch(subscribed.headers.get('location') ?? '', { method: 'DELETE' });
    expect([(await gone()).status, (await gone()).status]).toEqual([204, 404]);
    expect(await notify({ endpoint, keys: browser })).toMatchObject({
      error: { sobreODestino: 'INEXISTENTE' },
    });
  });

  it.each([
    ['a key that is none', 'BAAA', undefined, 400],
    ['no key', undefined, undefined, 400],
    ['another kind of body', VAPID.publica, 'text/plain', 415],
  ])('refuses %s', async (_, vapid, type, status) => {
    expect((await subscribe(vapid, type)).status).toBe(status);
  });

  it('shows what a browser that a button has subscribed is to be registered with', async () => {
    const page = await (await fetch(url, { method: 'POST' })).text();
    const body = /<pre>(.*)<\/pre>/s.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? '';
    const { inscricao } = JSON.parse(body) as { inscricao: Parameters<typeof notify>[0] };
    expect((await notify(inscricao)).isFailure).toBe(false);
    expect(await messages()).toMatchObject([{ channel: 'WEB_PUSH' }]);
  });
});

describe('the page', () => {
  it('shows what people have written as text, and needs nothing but itself', async () => {
    await sms({ Body: HOSTILE });
    const page = await (await fetch(url)).text();
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(page).not.toMatch(/<link|\ssrc=|url\(|https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"`);
  });

  it('keeps the last 500, newest first', async () => {
    for (let n = 0; n < 510; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, m) => sms({ Body: `n${n + m}` })));
    await sms({ Body: 'a última' });
    const kept = await messages();
    expect(kept).toHaveLength(500);
    expect(kept[0]?.text).toBe('a última');
  });

  it('takes no more than a message may be long', async () => {
    const answer = await fetch(`${url}/token`, { method: 'POST', body: 'a'.repeat(5_000_000) });
    expect(answer.status).toBe(413);
  });
});
