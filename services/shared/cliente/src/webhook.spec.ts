import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifyWebhook, WebhookVerificationError } from './webhook.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const SECRET = Buffer.alloc(32, 7);
const KEY = `whsec_${SECRET.toString('base64')}`;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PUBLIC_KEY = `whpk_${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
const BODY = JSON.stringify({
  type: 'reserva.confirmada',
  timestamp: '2026-11-20T11:59:00.000Z',
  data: { reservaId: 'res_1', espacoId: 'esp_1', versao: 2 },
});

const hmac = (content: string, secret = SECRET) =>
  `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
const ed25519 = (content: string) => `v1a,${sign(null, Buffer.from(content), privateKey).toString('base64')}`;

interface Signed {
  readonly at?: number;
  readonly signature?: (content: string) => string;
  readonly body?: string;
  readonly signed?: string;
}

function request({ at = NOW, signature = hmac, body = BODY, signed = body }: Signed = {}) {
  const timestamp = `${Math.floor(at / 1_000)}`;
  return {
    body,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': signature(`msg_1.${timestamp}.${signed}`),
    },
  };
}

describe('verifyWebhook', () => {
  const now = { now: NOW };

  it('answers the event of a request that was signed', async () => {
    const event = await verifyWebhook(request(), KEY, now);
    expect(event).toMatchObject({ id: 'msg_1', type: 'reserva.confirmada', data: { reservaId: 'res_1' } });
  });

  it('takes bytes, headers of the Fetch standard, and what is no ASCII', async () => {
    const { headers, body } = request({ body: JSON.stringify({ type: 'x', data: { nome: 'Ipê 🌳' } }) });
    const bytes = new TextEncoder().encode(body);
    const event = await verifyWebhook({ headers: new Headers(headers), body: bytes }, [KEY], now);
    expect(event.data).toEqual({ nome: 'Ipê 🌳' });
  });

  it('takes a signature by a public key', async () => {
    expect((await verifyWebhook(request({ signature: ed25519 }), PUBLIC_KEY, now)).id).toBe('msg_1');
  });

  it('takes one of several signatures, by one of several keys', async () => {
    const other = Buffer.alloc(32, 8);
    const signature = (content: string) => `${hmac(content, other)} v2,AAAA ${hmac(content)}`;
    const keys = [`whsec_${Buffer.alloc(32, 9).toString('base64')}`, KEY];
    expect((await verifyWebhook(request({ signature }), keys, now)).id).toBe('msg_1');
  });

  it.each([
    ['by another key', request({ signature: (content) => hmac(content, Buffer.alloc(32, 8)) })],
    ['of another body', request({ signed: '{}' })],
    ['from too long ago', request({ at: NOW - 301_000 })],
    ['from a clock that is ahead', request({ at: NOW + 301_000 })],
    ['of another kind than the key', request({ signature: ed25519 })],
    ['that is cut off', request({ signature: (content) => hmac(content).slice(0, -9) })],
    ['that is no Base64', request({ signature: () => 'v1,¡!' })],
    ['that is empty', request({ signature: () => 'v1,' })],
    ['behind more than anybody needs', request({ signature: (c) => `${'v1,AAAA '.repeat(8)}${hmac(c)}` })],
    ['without its headers', { ...request(), headers: {} }],
  ])('refuses a signature %s', async (_what, forged) => {
    await expect(verifyWebhook(forged, KEY, now)).rejects.toThrow(WebhookVerificationError);
  });

  it('does not take a public key for a secret', async () => {
    const raw = Buffer.from(PUBLIC_KEY.slice('whpk_'.length), 'base64');
    const forged = request({ signature: (content) => hmac(content, raw) });
    await expect(verifyWebhook(forged, PUBLIC_KEY, now)).rejects.toThrow(WebhookVerificationError);
  });

  it.each(['', 'segredo', 'whsec_', 'whsec_!'])('says that "%s" is no key', async (key) => {
    await expect(verifyWebhook(request(), key, now)).rejects.toThrow(TypeError);
  });
});
