import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConsumerConfig, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { ensureDurable } from './durable-consumer.ts';

const WANTED = { stream: 'TESTE', durable: 'eco', filter: 'teste.v1.>' };
const CONFIG = {
  durable_name: 'eco',
  filter_subject: 'teste.v1.>',
  deliver_policy: 'all',
  ack_policy: 'explicit',
  ack_wait: 30_000_000_000,
  max_deliver: -1,
  max_ack_pending: 256,
};

function refusal(err_code: number): JetStreamApiError {
  return new JetStreamApiError({ code: 404, err_code, description: 'no' });
}

describe('ensureDurable', () => {
  let there: () => Partial<ConsumerConfig>;
  let done: unknown[];

  beforeEach(() => {
    done = [];
  });

  const manager = {
    consumers: {
      info: async () => ({ config: there() }),
      update: async (...what: unknown[]) => done.push(['update', ...what]),
      add: async (...what: unknown[]) => done.push(['add', ...what]),
    },
  } as unknown as JetStreamManager;

  const fail = (error: Error) => () => {
    throw error;
  };

  it('makes a consumer that is not there', async () => {
    there = fail(refusal(10_014));
    await ensureDurable(manager, WANTED);
    expect(done).toEqual([['add', 'TESTE', CONFIG]]);
  });

  it('leaves one as it is that is like this', async () => {
    there = () => ({ ...CONFIG, num_replicas: 3 }) as ConsumerConfig;
    await ensureDurable(manager, WANTED);
    expect(done).toEqual([]);
  });

  it.each(Object.keys(CONFIG))('brings one up to date whose %s differs', async (key) => {
    there = () => ({ ...CONFIG, [key]: 'other' }) as unknown as ConsumerConfig;
    await ensureDurable(manager, WANTED);
    expect(done).toEqual([['update', 'TESTE', 'eco', CONFIG]]);
  });

  it.each([
    ['its stream is missing', refusal(10_059)],
    ['the connection breaks', new Error('cut')],
  ])('makes nothing when %s', async (_, error) => {
    there = fail(error);
    await expect(ensureDurable(manager, WANTED)).rejects.toBe(error);
    expect(done).toEqual([]);
  });
});
