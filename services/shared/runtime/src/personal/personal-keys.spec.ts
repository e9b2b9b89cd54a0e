import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PersonalKeysUnavailableError, RememberedPersonalKeys } from './personal-keys.ts';

const MINUTE_MS = 60_000;

let asked: string[];
let answer: (personId: string) => Promise<Buffer | undefined>;
let keys: RememberedPersonalKeys;

beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  answer = async (personId) => Buffer.from(personId);
  const keyOf = (personId: string) => {
    asked.push(personId);
    return answer(personId);
  };
  keys = new RememberedPersonalKeys({ keyOf });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('RememberedPersonalKeys', () => {
  it('asks once for many callers, and again after five minutes', async () => {
    await Promise.all([keys.keyOf('a'), keys.keyOf('a')]);
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS - 1);
    expect(await keys.keyOf('a')).toEqual(Buffer.from('a'));
    expect(asked).toEqual(['a']);
    await jest.advanceTimersByTimeAsync(1);
    await keys.keyOf('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('counts the five minutes from the question: the answer may be older than what is destroyed meanwhile', async () => {
    const slow = Promise.withResolvers<undefined>();
    answer = async () => slow.promise;
    const first = keys.keyOf('a');
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    slow.resolve(undefined);
    await first;
    await jest.advanceTimersByTimeAsync(4 * MINUTE_MS);
    await keys.keyOf('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('knows that there is none, too', async () => {
    answer = async () => undefined;
    expect([await keys.keyOf('a'), await keys.keyOf('a')]).toEqual([undefined, undefined]);
    expect(asked).toEqual(['a']);
  });

  it('does not remember a failure, nor uses what it knew longer', async () => {
    await keys.keyOf('a');
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS);
    const away = new PersonalKeysUnavailableError('away');
    answer = async () => Promise.reject(away);
    await expect(keys.keyOf('a')).rejects.toBe(away);
    answer = async () => undefined;
    expect(await keys.keyOf('a')).toBeUndefined();
  });

  it('keeps ten thousand people, those that it had to do with last', async () => {
    for (let i = 0; i < 10_000; i++) await keys.keyOf(`p${i}`);
    await keys.keyOf('p0');
    await keys.keyOf('one more');
    asked = [];
    await keys.keyOf('p0');
    expect(asked).toEqual([]);
    await keys.keyOf('p1');
    expect(asked).toEqual(['p1']);
  });
});
