import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';

/** What only the browser that has subscribed knows. */
export interface BrowserKeys {
  readonly privateKey: Buffer;
  readonly auth: Buffer;
}

/** What a browser makes of the body of a Web Push message (RFC 8291, 3.4 and RFC 8188, 2). @throws Error when it cannot be read */
export function decrypt(body: Buffer, { privateKey, auth }: BrowserKeys): Buffer {
  const salt = body.subarray(0, 16);
  const record = body.readUInt32BE(16);
  const length = body.readUInt8(20);
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  if (body.length > 4_096 || sealed.length > record) throw new Error('more than one record');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privateKey);
  const derive = (key: Buffer, by: Buffer, info: Buffer | string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', key, by, info, bytes));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
  const key = derive(ecdh.computeSecret(sender), auth, info, 32);
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derive(key, salt, 'Content-Encoding: aes128gcm\0', 16),
    derive(key, salt, 'Content-Encoding: nonce\0', 12),
  );
  decipher.setAuthTag(sealed.subarray(-16));
  const clear = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = clear.findLastIndex((byte) => byte !== 0);
  if (clear[end] !== 2) throw new Error('not the last record');
  return clear.subarray(0, end);
}
