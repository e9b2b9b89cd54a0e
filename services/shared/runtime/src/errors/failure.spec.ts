import { describe, expect, it } from '@jest/globals';
import { isDatabaseTimeout } from './failure.ts';

describe('isDatabaseTimeout', () => {
  const failure = (code: string) => Object.assign(new Error('x'), { code });

  it('tells statement and lock timeouts, wrapped or not, from a database that is away', () => {
    expect(isDatabaseTimeout(failure('57014'))).toBe(true);
    expect(isDatabaseTimeout(new Error('wrapped', { cause: failure('55P03') }))).toBe(true);
    expect(isDatabaseTimeout(Object.assign(new Error('orm'), { driverError: failure('55P03') }))).toBe(true);
    expect(isDatabaseTimeout(failure('57P01'))).toBe(false);
    expect(isDatabaseTimeout('57014')).toBe(false);
  });
});
