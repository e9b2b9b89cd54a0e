import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventually } from '@plataforma/testing/eventually';
import { startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { type RunningServer, requireBinary, startServer } from '@plataforma/testing/servers/server-process';
import { pino } from 'pino';
import { connectEventBus, type EventBus } from './event-bus.ts';

jest.setTimeout(60_000);

const logger = pino({ level: 'silent' });
const STREAM = 'TESTE';

/** Three servers that keep streams together. */
async function startCluster(folder: string): Promise<RunningServer[]> {
  const gates = [await freePort(), await freePort(), await freePort()];
  const routes = gates.map((port) => `nats://127.0.0.1:${port}`).join(',');
  return Promise.all(
    gates.map((gate, index) =>
      startServer({
        name: `NATS ${index}`,
        binary: requireBinary('nats-server', 'nats-server'),
        args: (port) => [
          ...['-a', '127.0.0.1', '-p', `${port}`, '-n', `n${index}`, '-js', '-sd', join(folder, `${index}`)],
          ...['--cluster_name', 'teste', '--cluster', `nats://127.0.0.1:${gate}`, '--routes', routes],
        ],
        stopSignal: 'SIGTERM',
        isReady: async (port) =>
          fetch(`http://127.0.0.1:${port}`).then(
            () => true,
            () => true,
          ),
      }),
    ),
  );
}

describe('copies of streams in a cluster', () => {
  let folder: string;
  let servers: RunningServer[];
  let bus: EventBus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nats-cluster-'));
    servers = await startCluster(folder);
    bus = await connect({});
    // A cluster answers once it has a leader.
    await eventually(async () => void (await (await manage()).getAccountInfo()), { timeoutMs: 30_000 });
  });
  afterAll(async () => {
    await bus.close();
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const connect = (options: { replicas?: number }) =>
    connectEventBus({
      servers: servers.map(({ port }) => `nats://127.0.0.1:${port}`),
      name: 'teste',
      logger,
      ...options,
    });
  const manage = () => jetstreamManager(bus.connection(), { checkAPI: false, timeout: 10_000 });
  const config = async (name: string) => (await (await manage()).streams.info(name)).config;
  /** Moving copies about takes a cluster a moment, in which it does not answer. */
  const patiently = (work: () => Promise<void>) => eventually(work, { timeoutMs: 30_000, intervalMs: 200 });
  const copiesByHand = (name: string, num_replicas: number) =>
    patiently(async () => void (await (await manage()).streams.update(name, { num_replicas })));
  const declared = (by: EventBus, name: string, subject: string, maxAgeDays: number) =>
    patiently(async () => {
      await by.ensureStream(name, [subject], { maxAgeDays });
      expect((await config(name)).max_age).toBe(maxAgeDays * 86_400e9);
    });

  it('stay as many as an operator has made them, at each start and after each reconnection', async () => {
    await declared(bus, STREAM, 'teste.>', 30);
    expect((await config(STREAM)).num_replicas).toBe(1);
    await copiesByHand(STREAM, 3);
    await declared(bus, STREAM, 'teste.>', 31);
    expect((await config(STREAM)).num_replicas).toBe(3);

    const another = await connect({});
    await declared(another, STREAM, 'teste.>', 32);
    await another.connection().reconnect();
    await declared(another, STREAM, 'teste.>', 33);
    expect((await config(STREAM)).num_replicas).toBe(3);
    await another.close();
  });

  it('are as many as was configured when the stream is made, and none are taken or added later', async () => {
    const wanting = await connect({ replicas: 3 });
    await declared(wanting, 'NOVO', 'novo.>', 30);
    expect((await config('NOVO')).num_replicas).toBe(3);
    await copiesByHand('NOVO', 1);
    await declared(wanting, 'NOVO', 'novo.>', 31);
    expect((await config('NOVO')).num_replicas).toBe(1);
    await wanting.close();
  });
});

it('a server alone says that it cannot make copies', async () => {
  const alone = await startNats();
  const bus = await connectEventBus({ servers: alone.url, name: 'teste', logger, replicas: 3 });
  await expect(bus.ensureStream(STREAM, ['teste.>'])).rejects.toThrow('replicas > 1 not supported');
  await bus.close();
  await alone.stop();
});
