import { createHmac, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { SignJWT } from 'jose';
import type { KeptMessage } from './kept-messages.ts';
import { startProviders } from './server.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const keys = {
  twilioAccountSid: `AC${'0'.repeat(32)}`,
  twilioAuthToken: 'segredo-da-twilio-01',
  twilioWebhookToken: 'assina-o-que-foi-feito',
  fcmPublicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
};
const HOSTILE = '<script>alert(1)</script>"\'&';

let server: Server;
let url: string;

beforeAll(async () => {
  server = await startProviders(0, keys);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => fetch(`${url}/messages`, { method: 'DELETE' }));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const messages = async () => (await (await fetch(`${url}/messages`)).json()) as KeptMessage[];

const sms = (fields: Record<string, string>, token = keys.twilioAuthToken) =>
  fetch(`${url}/2010-04-01/Accounts/${keys.twilioAccountSid}/Messages.json`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${keys.twilioAccountSid}:${token}`).toString('base64')}`,
    },
    body: new URLSearchParams({ To: '+5511987654321', From: '+15005550006', Body: 'Oi', ...fields }),
  });

async function accessToken(key = privateKey): Promise<Response> {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setExpirationTime('1h')
    .sign(key);
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  return fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type, assertion }) });
}

const push = (token: string, notification: object) =>
  fetch(`${url}/v1/projects/local/messages:send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: { token: 'aparelho-1', notification } }),
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
  ])('refuses %s as Twilio does', async (_, fields, token, status, code) => {
    const answer = await sms(fields, token);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect(await messages()).toEqual([]);
  });
});

describe('what becomes of an SMS', () => {
  it.each([
    ['+5511987654321', { MessageStatus: 'delivered' }],
    ['+5511987650000', { MessageStatus: 'undelivered', ErrorCode: '30003' }],
  ])('of %s is told where the message says, signed: sent, then its end', async (To, end) => {
    const told: Array<{ request: IncomingMessage; form: Record<string, string> }> = [];
    const listener = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      told.push({ request, form: Object.fromEntries(new URLSearchParams(`${Buffer.concat(chunks)}`)) });
      response.end();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const StatusCallback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/twilio/not_1`;
    const { sid } = (await (await sms({ To, StatusCallback })).json()) as { sid: string };
    await eventually(() => expect(told).toHaveLength(2));
    listener.closeAllConnections();
    listener.close();
    expect(told.map(({ form }) => form)).toMatchObject([
      { MessageSid: sid, To, MessageStatus: 'sent' },
      { MessageSid: sid, To, ...end },
    ]);
    for (const { request, form } of told) {
      const sorted = Object.keys(form).sort();
      const signed = StatusCallback + sorted.map((name) => name + form[name]).join('');
      const signature = createHmac('sha1', keys.twilioWebhookToken).update(signed).digest('base64');
      expect(request.headers['x-twilio-signature']).toBe(signature);
    }
  });

  it('is told to no other machine, and an address that is none is refused', async () => {
    expect((await sms({ StatusCallback: 'http://exemplo.invalid/' })).status).toBe(201);
    const answer = await sms({ StatusCallback: 'nenhum' });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 21609 })]);
  });
});

describe('the stand-in of FCM', () => {
  it('takes a message under a token that the service account has asked for', async () => {
    const { access_token } = (await (await accessToken()).json()) as { access_token: string };
    expect((await push(access_token, { title: 'Reserva confirmada', body: 'Sala Ipê' })).status).toBe(200);
    expect(await messages()).toMatchObject([
      { channel: 'PUSH', to: 'aparelho-1', title: 'Reserva confirmada', text: 'Sala Ipê' },
    ]);
  });

  it('refuses a token of nobody, and an assertion by another key', async () => {
    expect((await push('ya29.inventado', {})).status).toBe(401);
    const { privateKey: outra } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect((await accessToken(outra)).status).toBe(400);
    expect(await messages()).toEqual([]);
  });
});

describe('the page', () => {
  it('shows what people have written as text, and needs nothing but itself', async () => {
    await sms({ Body: HOSTILE });
    const page = await (await fetch(url)).text();
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(page).not.toMatch(/<link|\ssrc=|url\(|https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
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
    const answer = await fetch(`${url}/token`, { method: 'POST', body: 'a'.repeat(100_000) });
    expect(answer.status).toBe(413);
  });
});
