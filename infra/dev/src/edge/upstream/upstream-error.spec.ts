import { describe, expect, it } from '@jest/globals';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { UpstreamError, upstreamErrorReply, withRetries } from './upstream-error.ts';

const notSent = new UpstreamError('not sent', { isSafeToRetry: true });

/** How often it is tried, and what comes of it. */
async function tried(retries: number, ...failures: Error[]): Promise<[number, unknown]> {
  let times = 0;
  const attempt = async () => {
    const failure = failures[times];
    times += 1;
    if (failure) throw failure;
    return 'done';
  };
  const outcome = await withRetries(retries, attempt).catch((error: unknown) => error);
  return [times, outcome];
}

describe('withRetries', () => {
  it('sends what never left again, so many times and no more', async () => {
    expect(await tried(2, notSent, notSent)).toEqual([3, 'done']);
    expect(await tried(2, notSent, notSent, notSent)).toEqual([3, notSent]);
    expect(await tried(0, notSent)).toEqual([1, notSent]);
  });

  it('sends nothing again that may have come through', async () => {
    const broken = new UpstreamError('broke off');
    const bug = new TypeError('not a function');
    expect(await tried(2, broken)).toEqual([1, broken]);
    expect(await tried(2, bug)).toEqual([1, bug]);
  });
});

describe('upstreamErrorReply', () => {
  it('tells silence from failure', () => {
    const silent = new UpstreamError('read timeout', { isTimeout: true });
    expect(upstreamErrorReply(exchangeOf(), silent).status).toBe(504);
    expect(upstreamErrorReply(exchangeOf(), notSent).status).toBe(502);
  });
});
