import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { freePort } from '@plataforma/testing/servers/ports';
import { Stripe } from 'stripe';
import { COMPILE_CACHE } from '../stack/processes/node-process.ts';
import { errorOf, SECRET, sessionParams, WebhookReceiver } from './spec-support.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

let folder: string;
let receiver: WebhookReceiver;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-standin-'));
  receiver = new WebhookReceiver();
  running = [];
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await receiver.stop();
  rmSync(folder, { recursive: true });
});

function run(env: Record<string, string>): ChildProcess {
  const args = ['--conditions=source', MAIN];
  const own = { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE };
  const child = spawn(process.execPath, args, { env: { ...own, ...env }, stdio: 'ignore' });
  running.push(child);
  return child;
}

function clientAt(port: number): Stripe {
  const config = {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  } as const;
  return new Stripe('sk_test_local', config);
}

const isUp = (port: number) =>
  eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).ok).toBe(true));

describe('the stand-in as a process', () => {
  it('keeps sessions, money, keys and undelivered events when it is killed and started again', async () => {
    const port = await freePort();
    const webhookPort = await freePort();
    const env = {
      PORT: String(port),
      DATA_FILE: join(folder, 'dados', 'stripe.jsonl'),
      WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/webhook`,
      WEBHOOK_SECRET: SECRET,
    };
    const first = run(env);
    await isUp(port);
    const stripe = clientAt(port);
    const open = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' });
    const paid = await stripe.checkout.sessions.create(sessionParams());
    await fetch(`${paid.url}/pay`, { method: 'POST', redirect: 'manual' });
    first.kill('SIGKILL');
    await once(first, 'exit');

    await receiver.start(webhookPort);
    const second = run(env);
    await isUp(port);
    expect(await stripe.checkout.sessions.retrieve(open.id)).toEqual(open);
    expect((await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'k1' })).id).toBe(
      open.id,
    );
    expect(await stripe.checkout.sessions.retrieve(paid.id)).toMatchObject({ status: 'complete' });
    await eventually(() => expect(receiver.types.at(-1)).toBe('checkout.session.completed'));
    expect(receiver.types).toHaveLength(4);
    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
  });

  it('sends the types that it was told, and no others', async () => {
    const port = await freePort();
    run({
      PORT: String(port),
      WEBHOOK_URL: await receiver.start(),
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_EVENTS: 'checkout.session.completed,payment_intent.succeeded',
    });
    await isUp(port);
    const { url } = await clientAt(port).checkout.sessions.create(sessionParams());
    await fetch(`${url}/pay`, { method: 'POST', redirect: 'manual' });
    await eventually(() =>
      expect(receiver.types).toEqual(['payment_intent.succeeded', 'checkout.session.completed']),
    );
  });

  it('takes only the key it was given', async () => {
    const port = await freePort();
    run({ PORT: String(port), STRIPE_SECRET_KEY: 'sk_test_outra' });
    await isUp(port);
    expect(await errorOf(clientAt(port).refunds.list())).toMatchObject({ type: 'StripeAuthenticationError' });
  });

  it('ends with a failure when the port is taken', async () => {
    const port = Number(new URL(await receiver.start()).port);
    expect(await once(run({ PORT: String(port) }), 'exit')).toEqual([1, null]);
  });
});
