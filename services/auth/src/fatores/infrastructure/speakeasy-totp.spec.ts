import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hotp as independent } from '../../../test/support/authenticator.ts';
import { SpeakeasyTotp } from './speakeasy-totp.ts';

const totp = new SpeakeasyTotp();
const at = (seconds: number) => new Date(seconds * 1_000);

describe('time-based codes', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238, appendix B, at %i', (seconds, eightDigits) => {
    const secret = Buffer.from('12345678901234567890');
    expect(totp.passoDe(secret, eightDigits.slice(2), at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('are those of an independent implementation, for any secret and time', () => {
    for (let turn = 0; turn < 500; turn += 1) {
      const secret = randomBytes(20);
      const step = Math.floor(Math.random() * 2 ** 31);
      expect(totp.passoDe(secret, independent(secret, step), at(step * 30))).toBe(step);
    }
  });

  it('are heard one step early or late, and no further (ASVS 6.5.5, with the deviation of ADR-034)', () => {
    const secret = Buffer.alloc(20, 9);
    const step = 50_000_000;
    const codes = [-2, -1, 0, 1, 2].map((off) => independent(secret, step + off));
    expect(new Set(codes).size).toBe(codes.length);
    const heard = codes.map((code) => totp.passoDe(secret, code, at(step * 30 + 15)));
    expect(heard).toEqual([undefined, step - 1, step, step + 1, undefined]);
  });

  it('belong to the whole of their thirty seconds', () => {
    const secret = Buffer.alloc(20, 7);
    const code = independent(secret, 1_000);
    for (const seconds of [30_000 - 30, 30_000, 30_029.999, 30_059.999])
      expect(totp.passoDe(secret, code, at(seconds))).toBe(1_000);
    for (const seconds of [30_000 - 30.001, 30_060])
      expect(totp.passoDe(secret, code, at(seconds))).toBeUndefined();
  });

  it('are six digits and no number that means the same', () => {
    const secret = Buffer.alloc(20);
    const step =
      Array.from({ length: 1_000 }, (_, n) => n).find((n) => independent(secret, n).startsWith('0')) ?? 0;
    const code = independent(secret, step);
    for (const text of [code.slice(1), ` ${code}`, `${code}.0`, `${Number(code)}`, ''])
      expect(totp.passoDe(secret, text, at(step * 30))).toBeUndefined();
  });
});
