import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { createPacedLog, type PacedLog } from './paced-log.ts';

const MINUTE_MS = 60_000;

let lines: { level: number; msg: string; motivo?: string; vezes: number }[];
let warn: PacedLog;

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  warn = createPacedLog(logger, 'refused');
});

afterEach(() => void jest.useRealTimers());

const times = (n: number, motivo = 'signature') => {
  for (let i = 0; i < n; i += 1) warn({ motivo });
};

const told = () => lines.splice(0).map(({ motivo, vezes }) => [motivo, vezes]);

describe('createPacedLog', () => {
  it('tells of the first one at once, and of those that follow once a minute, how many they were', () => {
    times(10_000);
    expect(lines).toMatchObject([{ level: 40, msg: 'refused', motivo: 'signature', vezes: 1 }]);
    told();
    jest.advanceTimersByTime(MINUTE_MS);
    expect(told()).toEqual([['signature', 9_999]]);
    times(5);
    expect(told()).toEqual([]);
    jest.advanceTimersByTime(MINUTE_MS);
    expect(told()).toEqual([['signature', 5]]);
  });

  it('tells of the next one at once when there was none for a minute', () => {
    times(1);
    jest.advanceTimersByTime(MINUTE_MS);
    times(1);
    expect(told()).toEqual([
      ['signature', 1],
      ['signature', 1],
    ]);
  });

  it('tells kinds apart', () => {
    times(2, 'signature');
    times(2, 'time stamp');
    jest.advanceTimersByTime(MINUTE_MS);
    expect(told()).toEqual([
      ['signature', 1],
      ['time stamp', 1],
      ['signature', 1],
      ['time stamp', 1],
    ]);
  });

  it('keeps a bounded number of kinds, and counts all others as one', () => {
    for (let i = 0; i < 1_000; i += 1) times(1, `m${i}`);
    expect(told()).toHaveLength(101);
    jest.advanceTimersByTime(MINUTE_MS);
    expect(told()).toEqual([[undefined, 899]]);
  });

  it('leaves no timer behind', () => {
    times(3);
    jest.advanceTimersByTime(2 * MINUTE_MS);
    expect(jest.getTimerCount()).toBe(0);
  });
});
