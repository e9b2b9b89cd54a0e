import { beforeEach, describe, expect, it } from '@jest/globals';
import { JetStreamApiError, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { PermissionViolationError } from '@nats-io/transport-node';
import { applyStream, DEAD_LETTERS, HANDLER_MARKS, isRefusal, streamConfig } from './event-streams.ts';

const NAME_IN_USE = 10_058;
const NO_ROOM = 10_047;
const DAY_NS = 86_400_000_000_000;

function answer(err_code: number, code = 400): JetStreamApiError {
  return new JetStreamApiError({ code, err_code, description: 'no' });
}

describe('what a stream is to be like', () => {
  it('keeps 30 days and 1 GiB, refuses when full, and knows a message again for five minutes', () => {
    expect(streamConfig('TESTE', ['teste.v1.>'], {})).toEqual({
      config: {
        name: 'TESTE',
        subjects: ['teste.v1.>'],
        retention: 'limits',
        storage: 'file',
        discard: 'new',
        max_age: 30 * DAY_NS,
        max_bytes: 1_073_741_824,
        duplicate_window: 300_000_000_000,
        num_replicas: 1,
      },
      mayBeLarger: true,
    });
  });

  it('is what was asked for', () => {
    expect(streamConfig('T', [], { maxAgeDays: 2, maxBytes: 7, leastBytes: 9, replicas: 3 })).toMatchObject({
      config: { max_age: 2 * DAY_NS, max_bytes: 7, num_replicas: 3 },
      mayBeLarger: false,
    });
    expect(streamConfig('T', [], { leastBytes: 9 })).toMatchObject({
      config: { max_bytes: 9 },
      mayBeLarger: true,
    });
  });

  it('keeps dead letters longer than the inbox forgets, and marks for a day', () => {
    expect(DEAD_LETTERS).toEqual({ name: 'DLQ', subjects: ['dlq.>'], maxAgeDays: 90 });
    expect(HANDLER_MARKS).toMatchObject({ maxAgeDays: 1, maxBytes: 67_108_864 });
  });
});

describe('applyStream', () => {
  /** What the server has; undefined for nothing. */
  let there: Partial<StreamConfig> | undefined;
  let adding: Error | undefined;
  let updating: (Error | undefined)[];
  let done: unknown[];

  beforeEach(() => {
    there = { num_replicas: 3, max_age: 5, max_bytes: 100, duplicate_window: 5 };
    adding = answer(NAME_IN_USE);
    updating = [];
    done = [];
  });

  const manager = {
    streams: {
      async add() {
        if (adding) throw adding;
      },
      async info() {
        if (!there) throw answer(10_059, 404);
        return { config: there };
      },
      async update(_: string, config: Partial<StreamConfig>) {
        done.push(config);
        const error = updating.shift();
        if (error) throw error;
      },
    },
  } as unknown as JetStreamManager;

  const apply = (options = {}) => applyStream(manager, streamConfig('TESTE', ['t.>'], options));

  it('changes nothing about one that it has made', async () => {
    adding = undefined;
    await apply();
    expect(done).toEqual([]);
  });

  it('takes nothing back of what one has more of', async () => {
    const more = { num_replicas: 3, max_age: 99 * DAY_NS, max_bytes: 2 ** 40, duplicate_window: 10 ** 12 };
    there = more;
    await apply();
    expect(done).toEqual([expect.objectContaining(more)]);
  });

  it('takes no end away that one does not have', async () => {
    there = { ...there, max_age: 0, max_bytes: -1 };
    await apply();
    expect(done).toEqual([expect.objectContaining({ max_age: 0, max_bytes: -1 })]);
  });

  it('gives one what it has less of, but no copies', async () => {
    await apply();
    expect(done).toEqual([
      expect.objectContaining({
        ...{ num_replicas: 3, max_age: 30 * DAY_NS, max_bytes: 2 ** 30, duplicate_window: 3 * 10 ** 11 },
      }),
    ]);
  });

  it('keeps to the limit that was said, also below that of the server', async () => {
    await apply({ maxBytes: 7 });
    expect(done).toEqual([expect.objectContaining({ max_bytes: 7 })]);
  });

  it('leaves one as large as it is when there is no room', async () => {
    updating = [answer(NO_ROOM)];
    await apply();
    expect(done).toEqual([
      expect.objectContaining({ max_bytes: 2 ** 30 }),
      expect.objectContaining({ max_bytes: 100, max_age: 30 * DAY_NS }),
    ]);
  });

  it('says how much room there is not for one that has to be made', async () => {
    adding = answer(NO_ROOM);
    there = undefined;
    await expect(apply({ maxBytes: 16 * 2 ** 20 })).rejects.toThrow(
      'NATS has no room for the stream TESTE of 16 MiB',
    );
  });

  it('updates one that is there when there is no room for another', async () => {
    adding = answer(NO_ROOM);
    await apply();
    expect(done).toHaveLength(1);
  });

  it.each([
    ['made', () => (adding = answer(1)), {}],
    ['updated', () => (updating = [answer(1)]), {}],
    ['updated to a limit without room', () => (updating = [answer(NO_ROOM)]), { maxBytes: 7 }],
  ])('fails when one cannot be %s', async (_, happen, options) => {
    happen();
    await expect(apply(options)).rejects.toThrow(JetStreamApiError);
  });
});

describe('isRefusal', () => {
  it.each([
    ['an answer of the server', answer(1), true],
    ['an answer that something wraps', new Error('no', { cause: answer(1) }), true],
    ['a missing permission', new PermissionViolationError('no', 'publish', 'x'), true],
    ['a server that is not ready', answer(10_008, 503), false],
    ['silence', new Error('timeout'), false],
    ['anything else', 'timeout', false],
  ])('tells %s from an outage', (_, error, expected) => {
    expect(isRefusal(error)).toBe(expected);
  });
});
