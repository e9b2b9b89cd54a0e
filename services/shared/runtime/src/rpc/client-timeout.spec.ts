import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { boundTimeouts, clientDeadline } from './client-timeout.ts';

const DAY_MS = 86_400_000;

describe('what a client waits at most', () => {
  it.each([
    ['connect-timeout-ms', `${DAY_MS}`, `${DAY_MS}`],
    ['connect-timeout-ms', `${DAY_MS + 1}`, `${DAY_MS}`],
    ['connect-timeout-ms', '9999999999', `${DAY_MS}`],
    ['connect-timeout-ms', '99999999999', '99999999999'],
    ['connect-timeout-ms', '1e9', '1e9'],
    ['grpc-timeout', '24H', '24H'],
    ['grpc-timeout', '86400S', '86400S'],
    ['grpc-timeout', '25H', '24H'],
    ['grpc-timeout', '1441M', '24H'],
    ['grpc-timeout', '86400001m', '24H'],
    ['grpc-timeout', '100H00', '100H00'],
  ])('is a day, and what is no time is left to be refused: %s %s', (name, sent, taken) => {
    const headers = { [name]: sent };
    boundTimeouts(headers);
    expect(headers).toEqual({ [name]: taken });
  });
});

it('is nothing that came more than once', () => {
  const headers = { 'connect-timeout-ms': ['9999999999'], 'grpc-timeout': ['99999999H'] } as never;
  boundTimeouts(headers);
  expect(headers).toEqual({ 'connect-timeout-ms': ['9999999999'], 'grpc-timeout': ['99999999H'] });
  expect(clientDeadline(headers)).toBeUndefined();
});

describe('the moment in which a client gives up', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    [{ 'connect-timeout-ms': '1500' }, 1_500],
    [{ 'grpc-timeout': '2H' }, 7_200_000],
    [{ 'grpc-timeout': '2M' }, 120_000],
    [{ 'grpc-timeout': '2S' }, 2_000],
    [{ 'grpc-timeout': '2m' }, 2],
    [{ 'grpc-timeout': '2000u' }, 2],
    [{ 'grpc-timeout': '2000000n' }, 2],
  ])('is told by %j', (headers, ms) => {
    expect(clientDeadline(headers)).toBeCloseTo(1_000_000 + ms, 6);
  });

  it.each([{}, { 'connect-timeout-ms': '-1' }, { 'grpc-timeout': '2' }, { 'grpc-timeout': '999999999S' }])(
    'is not told by %j',
    (headers) => {
      expect(clientDeadline(headers)).toBeUndefined();
    },
  );
});
