import { createHmac, generateKeyPairSync } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { motivoDe } from '@plataforma/runtime/errors';
import jwt from 'jsonwebtoken';
import Stripe from 'stripe';
import type { Customer } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';
import { badRequests, LEAKS } from './bad-requests.ts';

let platform: TestStack;
let customer: Customer;
let to: ReturnType<typeof badRequests>;

beforeAll(async () => {
  platform = await TestStack.start();
  customer = await platform.newCustomer();
  to = badRequests(platform);
}, 240_000);

afterAll(() => platform?.stop(), 60_000);

describe('a request that asks for too much work', () => {
  const many = <T>(items: number, item: T): T[] => Array.from({ length: items }, () => item);

  /** CPU that a service has spent so far, in milliseconds: of itself, however busy the machine is. */
  const cpuOf = async (port: number) => {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^process_cpu_seconds_total\S* (\S+)$/m.exec(metrics)?.[1]) * 1000;
  };
  const TIMES = 10;
  const ALLOWED_MS = 50;

  it.each<[string, string, () => object]>([
    [
      'a quote with 100,000 empty add-ons',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: platform.room.id, extras: many(100_000, {}) }),
    ],
    [
      'a quote with 30,000 empty add-ons',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: platform.room.id, extras: many(30_000, {}) }),
    ],
    [
      'a series without 70,000 dates',
      '/api/v1/series/simulacao',
      () => ({ espacoId: platform.room.id, datasExcluidas: many(70_000, '2027-01-01') }),
    ],
    [
      'a quote with everything wrong that fits',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: 'x'.repeat(160), extras: many(50, {}) }),
    ],
  ])('is refused with a reason, at little cost: %s', async (_, path, body) => {
    const port = platform.stack.ports.RESERVAS_HTTP_PORT;
    const text = JSON.stringify(body());
    const ask = () => to.send('POST', path, { body: text, token: customer.token });
    await ask();
    const before = await cpuOf(port);
    for (let i = 0; i < TIMES; i += 1)
      expect(await ask()).toMatchObject({ status: 400, json: { reason: 'REQUISICAO_INVALIDA' } });
    expect((await cpuOf(port)) - before).toBeLessThan(TIMES * ALLOWED_MS);
  });

  it('is refused at little cost: 1 MiB of unknown fields to a public call', async () => {
    const port = platform.stack.ports.AUTH_HTTP_PORT;
    const bytes = Buffer.alloc(1024 * 1024, Buffer.from([0xb8, 0x3e, 0x01]));
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/auth.v1.AuthService/Refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/proto' },
        body: bytes,
      });
    await ask();
    const before = await cpuOf(port);
    for (let i = 0; i < TIMES; i += 1) {
      const response = await ask();
      expect([response.status, response.headers.get('x-erro-codigo')]).toEqual([400, 'REQUISICAO_INVALIDA']);
    }
    expect((await cpuOf(port)) - before).toBeLessThan(TIMES * ALLOWED_MS);
  });
});

describe('a token that is not ours', () => {
  const forged = () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { header, payload } = jwt.decode(customer.token, { complete: true }) as jwt.Jwt;
    return jwt.sign(payload as object, privateKey, {
      algorithm: 'RS256',
      header: { ...header, alg: 'RS256' },
    });
  };
  const unsigned = () => {
    const [, payload] = customer.token.split('.');
    return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
  };
  const cases: Array<[string, () => string | undefined]> = [
    ['missing', () => undefined],
    ['garbage', () => 'abc'],
    ['signed with another key', forged],
    ['unsigned', unsigned],
  ];

  it.each(cases)('is refused at the edge: %s', async (_, token) => {
    const answer = await to.send('GET', '/api/v1/reservas', { token: token() });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toMatch(LEAKS);
  });

  it.each(cases)('is refused at the gRPC port as well: %s', async (_, token) => {
    const value = token();
    const error = await to.grpc((client) =>
      client.listarReservas(
        {},
        { headers: new Headers(value ? { authorization: `Bearer ${value}` } : undefined) },
      ),
    );
    expect({ code: error.code, motivo: motivoDe(error) }).toEqual({
      code: Code.Unauthenticated,
      motivo: value === undefined ? 'NAO_AUTENTICADO' : 'TOKEN_INVALIDO',
    });
  });
});

describe('a webhook that Stripe did not send', () => {
  const payload = JSON.stringify({
    id: 'evt_forged',
    object: 'event',
    type: 'checkout.session.completed',
    data: { object: { id: 'cs_1', object: 'checkout.session' } },
  });
  const sign = (secret: string, timestamp: number) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => string | undefined]>([
    ['without a signature', () => undefined],
    ['with a signature by another secret', () => sign('whsec_another_secret_entirely', now())],
    ['with an old time stamp', () => sign(platform.stack.secrets.webhookSecret, now() - 3_600)],
    ['with a time stamp in the future', () => sign(platform.stack.secrets.webhookSecret, now() + 3_600)],
    [
      'with a signature for another body',
      () =>
        `t=${now()},v1=${createHmac('sha256', platform.stack.secrets.webhookSecret).update(`${now()}.{}`).digest('hex')}`,
    ],
  ])('is refused %s, and nothing is written', async (_, signature) => {
    const before = await to.writtenRows();
    const value = signature();
    const response = await fetch(`${platform.edgeUrl}/api/v1/webhooks/stripe`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(value === undefined ? {} : { 'stripe-signature': value }),
      },
      body: payload,
    });
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      code: 'invalid_argument',
      reason: 'ASSINATURA_INVALIDA',
    });
    expect(await to.writtenRows()).toEqual(before);
  });
});
