import { describe, expect, it } from '@jest/globals';
import { listenerLimits } from './listener-limits.ts';

describe('the limits of a listener', () => {
  it('leave a proxy three quarters of all, and the rest to others', () => {
    expect(listenerLimits()).toEqual({
      connections: { total: 2_000, perAddress: 1_500, perConnection: 1 },
      requests: { total: 2_000, perAddress: 1_500, perConnection: 500 },
      streams: { total: 200, perAddress: 150, perConnection: 10 },
      checks: { total: 64, perAddress: 48, perConnection: 16 },
    });
  });

  it('shut no address out, however small its share is', () => {
    const { streams } = listenerLimits({ maxStreams: 3, addressSharePercent: 1 });
    expect(streams).toEqual({ total: 3, perAddress: 1, perConnection: 10 });
  });
});
