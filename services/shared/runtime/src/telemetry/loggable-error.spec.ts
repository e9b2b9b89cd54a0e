import { describe, expect, it } from '@jest/globals';
import { loggableError } from './loggable-error.ts';

describe('loggableError', () => {
  it('keeps type, message, stack, code and causes, and nothing a driver hangs onto its errors', () => {
    const driverError = Object.assign(new Error('connection lost'), {
      detail: 'Key (email)=(ana@exemplo.com)',
    });
    const err = Object.assign(new RangeError('query failed', { cause: driverError }), {
      code: '23505',
      parameters: ['segredo'],
      driverError,
    });
    const logged = loggableError(err);
    expect(logged).toEqual({
      type: 'RangeError',
      message: 'query failed: connection lost',
      stack: expect.stringContaining('caused by: Error: connection lost'),
      code: '23505',
    });
    expect(JSON.stringify(logged)).not.toMatch(/segredo|ana@exemplo/);
  });

  it('passes anything else on', () => {
    expect(loggableError('texto')).toBe('texto');
  });
});
