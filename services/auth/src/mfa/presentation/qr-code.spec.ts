import { describe, expect, it } from '@jest/globals';
import jsQR from 'jsqr';
import { qrCode } from './qr-code.ts';

const PIXELS = 4;

/** The picture as a camera sees it: the rectangles of the path, each module a square of pixels. */
function photograph(url: string): { pixels: Uint8ClampedArray; side: number } {
  const svg = Buffer.from(url.slice('data:image/svg+xml;base64,'.length), 'base64').toString();
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]) * PIXELS;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let row = Number(y) * PIXELS; row < (Number(y) + 1) * PIXELS; row += 1)
      for (let column = Number(x) * PIXELS; column < (Number(x) + Number(width)) * PIXELS; column += 1)
        pixels.set([0, 0, 0, 255], (row * side + column) * 4);
  return { pixels, side };
}

const read = (url: string) => {
  const { pixels, side } = photograph(url);
  return jsQR.default(pixels, side, side)?.data;
};

describe('the QR code', () => {
  it.each([
    'otpauth://totp/Plataforma%20de%20Reservas:ana%40exemplo.com?secret=JBSWY3DPEHPK3PXP&issuer=Plataforma%20de%20Reservas',
    `otpauth://totp/x:${encodeURIComponent(`${'a'.repeat(60)}@${'b'.repeat(180)}.exemplo.com`)}?secret=${'A2'.repeat(16)}`,
  ])('is read by a camera as what it was made from: %s', (text) => {
    expect(read(qrCode(text))).toBe(text);
  });

  it('holds nothing but a picture, and not too much of it', () => {
    const url = qrCode(`otpauth://totp/${'x'.repeat(300)}`);
    expect(url.length).toBeLessThan(40_000);
    expect(Buffer.from(url.split(',')[1] ?? '', 'base64').toString()).not.toMatch(/script|href|otpauth/);
  });
});
