import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { autocommit, inRepeatableTransaction, inTransaction } from './transaction.ts';

interface Answer {
  readonly command?: string;
  readonly rows?: unknown[];
  readonly rowCount?: number;
}

const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });
const stalePlan = () => Object.assign(new Error('cached plan must not change'), { code: '0A000' });

describe('a transaction on its connection', () => {
  /** What went over the wire: statements, and the borders of what travels together. */
  let wire: string[];
  let answer: (text: string) => Answer;
  let released: unknown[];
  let connection: Connection;
  let connections: number;

  class Connection extends EventEmitter {
    readonly connection = {
      stream: { cork: () => void wire.push('cork'), uncork: () => void wire.push('uncork') },
    };

    async query(query: string | { readonly text: string }): Promise<Answer> {
      const text = typeof query === 'string' ? query : query.text;
      wire.push(text.split(' ')[0] ?? '');
      // As a server does: not in the turn in which it is asked.
      await new Promise(setImmediate);
      return answer(text);
    }

    release(broken?: Error): void {
      released.push(broken);
    }
  }

  beforeEach(() => {
    wire = [];
    released = [];
    connections = 0;
    answer = () => ({ command: 'SELECT', rows: [] });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const pool = {
    async connect() {
      connections += 1;
      connection = new Connection();
      return connection;
    },
    query: (query: { readonly text: string }) => new Connection().query(query),
  };
  const dataSource = { driver: { master: pool } } as unknown as DataSource;

  it('sends what does not wait for an answer in one piece', async () => {
    await inTransaction(dataSource, async (sql) => {
      await Promise.all([sql.query('lock'), sql.query('read')]);
      await sql.query('write');
    });
    expect(wire).toEqual(['cork', 'begin', 'lock', 'read', 'uncork', 'cork', 'write', 'uncork', 'commit']);
    expect([released, connection.listenerCount('error')]).toEqual([[undefined], 0]);
  });

  it.each([
    ['UPDATE', [[{ n: 1 }], 1]],
    ['DELETE', [[{ n: 1 }], 1]],
    ['INSERT', [{ n: 1 }]],
    ['SELECT', [{ n: 1 }]],
  ])('answers %s as the ORM does', async (command, expected) => {
    answer = () => ({ command, rows: [{ n: 1 }], rowCount: 1 });
    expect(await inTransaction(dataSource, (sql) => sql.query('x'))).toEqual(expected);
    expect(await autocommit(dataSource).query('x')).toEqual(expected);
  });

  it('rolls back what throws, and gives the connection back as a good one', async () => {
    const work = inTransaction(dataSource, async () => {
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(wire).toEqual(['cork', 'begin', 'uncork', 'rollback']);
    expect(released).toEqual([undefined]);
  });

  it('fails with what the beginning fails with', async () => {
    answer = (text) => {
      if (text.startsWith('begin')) throw new Error('no begin');
      throw new Error('no statement');
    };
    await expect(inTransaction(dataSource, (sql) => sql.query('x'))).rejects.toThrow('no begin');
  });

  it('fails when PostgreSQL has stored nothing', async () => {
    answer = (text) => ({ command: text === 'commit' ? 'ROLLBACK' : 'SELECT', rows: [] });
    await expect(inTransaction(dataSource, async () => 1)).rejects.toThrow('nothing was stored');
  });

  it.each([
    ['breaks in the middle', async () => void connection.emit('error', new Error('cut')), 'cut'],
    [
      'does not even take the end',
      async () => {
        answer = () => {
          throw new Error('no rollback');
        };
        throw new Error('x');
      },
      'no rollback',
    ],
    [
      'has prepared a statement for a table that has changed',
      async () => {
        throw stalePlan();
      },
      'cached plan',
    ],
  ])('throws a connection away that %s', async (_, work, reason) => {
    await inTransaction(dataSource, work).catch(() => undefined);
    expect(released).toEqual([expect.objectContaining({ message: expect.stringContaining(reason) })]);
  });

  describe('that may be repeated', () => {
    const times = async (work: () => Promise<unknown>) => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      jest.spyOn(Math, 'random').mockReturnValue(1);
      const began = Date.now();
      const tried: number[] = [];
      answer = (text) => {
        if (text !== 'x') return { command: 'SELECT', rows: [] };
        tried.push(Date.now() - began);
        throw deadlock();
      };
      const failed = expect(work()).rejects.toThrow('deadlock detected');
      for (let step = 0; step < 50; step += 1) {
        for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
        await jest.advanceTimersByTimeAsync(10);
      }
      await failed;
      return tried;
    };

    it.each([
      ['one', () => inRepeatableTransaction(dataSource, (sql) => sql.query('x'))],
      ['a statement by itself', () => autocommit(dataSource).query('x')],
    ])('is tried four times, further and further apart: %s', async (_, work) => {
      expect(await times(work)).toEqual([0, 40, 120, 240]);
    });

    it('is tried once when trying again does not help', async () => {
      answer = (text) => {
        if (text === 'x') throw new Error('no');
        return { command: 'SELECT', rows: [] };
      };
      await expect(inRepeatableTransaction(dataSource, (sql) => sql.query('x'))).rejects.toThrow('no');
      expect(connections).toBe(1);
    });

    it('is over as soon as it works', async () => {
      let tries = 0;
      const work = inRepeatableTransaction(dataSource, async () => {
        tries += 1;
        if (tries < 3) throw deadlock();
        return tries;
      });
      expect(await work).toBe(3);
    });
  });
});
