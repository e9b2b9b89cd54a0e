import { describe, expect, it } from '@jest/globals';
import { BodyBuffer } from './body-buffer.ts';

describe('BodyBuffer', () => {
  it('puts the parts together in their order', () => {
    const body = new BodyBuffer(100_000);
    expect(body.bytes()).toHaveLength(0);
    for (let part = 0; part < 20_000; part += 1) expect(body.add(Buffer.of(part & 0xff))).toBe(true);
    expect(body.add(Buffer.alloc(60_000, 7))).toBe(true);
    const bytes = body.bytes();
    expect(bytes).toHaveLength(80_000);
    expect([bytes[0], bytes[255], bytes[256], bytes[19_999]]).toEqual([0, 255, 0, 19_999 & 0xff]);
    expect(bytes.subarray(20_000).every((byte) => byte === 7)).toBe(true);
  });

  it('is copied a few times only, however small its parts are', () => {
    const body = new BodyBuffer(100_000);
    const memory = new Set<ArrayBufferLike>();
    for (let part = 0; part < 20_000; part += 1) {
      body.add(Buffer.of(7));
      memory.add(body.bytes().buffer);
    }
    expect(memory.size).toBeLessThan(6);
  });

  it('takes no more than it may', () => {
    const body = new BodyBuffer(10);
    expect(body.add(Buffer.from('0123456789'))).toBe(true);
    expect(body.add(Buffer.from('a'))).toBe(false);
    expect(body.bytes().toString()).toBe('0123456789');
  });
});
