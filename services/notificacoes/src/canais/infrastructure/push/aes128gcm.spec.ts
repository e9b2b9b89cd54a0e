import { createECDH } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decrypt } from '@plataforma/testing/providers/decrypt';
import fc from 'fast-check';
import { cifrar, MAX_CLARO_BYTES, saoChaves } from './aes128gcm.ts';

const b64 = (texto: string) => Buffer.from(texto, 'base64url');

/** RFC 8291, appendix A. */
const RFC = {
  claro: b64('V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24'),
  privada: b64('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  receptor: b64('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
  p256dh: b64('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  auth: b64('BTBZMqHH6r4Tts7J_aSIgg'),
  sal: b64('DGv6ra1nlYgDCS1FRnbzlw'),
  cifrado: b64(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  ),
};

describe('cifrar', () => {
  it('makes of the example of RFC 8291 what stands there', () => {
    expect(cifrar(RFC.claro, RFC, RFC)).toEqual(RFC.cifrado);
    expect(RFC.claro.toString()).toBe('When I grow up, I want to be a watermelon');
  });

  it('makes what the subscription can read, whatever it is, and never twice the same', () => {
    const ecdh = createECDH('prime256v1');
    const receptor = { p256dh: ecdh.generateKeys(), auth: RFC.auth };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: MAX_CLARO_BYTES }), (bytes) => {
        const claro = Buffer.from(bytes);
        const cifrado = cifrar(claro, receptor);
        expect(decrypt(cifrado, { privateKey: ecdh.getPrivateKey(), auth: RFC.auth })).toEqual(claro);
        expect(cifrar(claro, receptor)).not.toEqual(cifrado);
      }),
      { numRuns: 50 },
    );
  });

  it('fills one record and no more', () => {
    expect(cifrar(Buffer.alloc(3_993), RFC)).toHaveLength(4_096);
    expect(() => cifrar(Buffer.alloc(3_994), RFC)).toThrow('too many');
  });
});

describe('saoChaves', () => {
  const comprimida = Buffer.concat([Buffer.of(3), RFC.p256dh.subarray(1, 33)]);
  const fora = Buffer.from(RFC.p256dh);
  fora[64] = (fora[64] ?? 0) ^ 1;

  it('takes what a browser makes', () => expect(saoChaves(RFC)).toBe(true));

  it.each([
    ['a point beside the curve', { ...RFC, p256dh: fora }],
    ['a compressed point', { ...RFC, p256dh: comprimida }],
    ['zeros', { ...RFC, p256dh: Buffer.concat([Buffer.of(4), Buffer.alloc(64)]) }],
    ['the point at infinity', { ...RFC, p256dh: Buffer.of(0) }],
    ['nothing', { ...RFC, p256dh: Buffer.alloc(0) }],
    ['too much', { ...RFC, p256dh: Buffer.concat([RFC.p256dh, Buffer.of(0)]) }],
    ['a short secret', { ...RFC, auth: Buffer.alloc(15) }],
    ['a long secret', { ...RFC, auth: Buffer.alloc(17) }],
  ])('refuses %s', (_, chaves) => expect(saoChaves(chaves)).toBe(false));
});
