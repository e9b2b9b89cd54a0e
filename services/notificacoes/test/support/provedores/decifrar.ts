import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';

/** What a browser makes of the body of a Web Push message (RFC 8291, 3.4 and RFC 8188, 2). @throws Error when it cannot be read */
export function decifrar(corpo: Buffer, privada: Buffer, auth: Buffer): Buffer {
  const sal = corpo.subarray(0, 16);
  const record = corpo.readUInt32BE(16);
  const tamanho = corpo.readUInt8(20);
  const emissor = corpo.subarray(21, 21 + tamanho);
  const cifrado = corpo.subarray(21 + tamanho);
  if (corpo.length > 4_096 || cifrado.length > record) throw new Error('more than one record');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(privada);
  const derivar = (chave: Buffer, com: Buffer, info: Buffer | string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', chave, com, info, bytes));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), emissor]);
  const chave = derivar(ecdh.computeSecret(emissor), auth, info, 32);
  const decipher = createDecipheriv(
    'aes-128-gcm',
    derivar(chave, sal, 'Content-Encoding: aes128gcm\0', 16),
    derivar(chave, sal, 'Content-Encoding: nonce\0', 12),
  );
  decipher.setAuthTag(cifrado.subarray(-16));
  const claro = Buffer.concat([decipher.update(cifrado.subarray(0, -16)), decipher.final()]);
  const fim = claro.findLastIndex((byte) => byte !== 0);
  if (claro[fim] !== 2) throw new Error('not the last record');
  return claro.subarray(0, fim);
}
