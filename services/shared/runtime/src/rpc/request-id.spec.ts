import { describe, expect, it } from '@jest/globals';
import { requestIdFrom } from './request-id.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe('the name of a request', () => {
  it('is the one that it came with, unless that could forge a line of the log', () => {
    expect(requestIdFrom('req-1')).toBe('req-1');
    for (const sent of [null, undefined, '', 'a b', 'a\nb', 'a'.repeat(129)])
      expect(requestIdFrom(sent)).toMatch(UUID);
  });
});
