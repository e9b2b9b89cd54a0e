import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** Keys of a subscription, raw. */
export interface ChavesDaInscricao {
  /** Point of P-256, uncompressed. */
  readonly p256dh: Buffer;
  readonly auth: Buffer;
}

/** What is new for each message. */
interface Sorte {
  readonly sal: Buffer;
  /** Private key of P-256. */
  readonly privada: Buffer;
}

const CURVA = 'prime256v1';
const RECORD_BYTES = 4_096;
/** A push service need not take more than one record (RFC 8291, 4), header and delimiter and tag included. */
export const MAX_CLARO_BYTES = RECORD_BYTES - (16 + 4 + 1 + 65) - 1 - 16;
/** Ends the last record; no padding follows. */
const ULTIMO = Buffer.of(2);

/**
 * Encrypts a message for one subscription: RFC 8291 with the content coding of RFC 8188, in one record.
 *
 * @throws Error when it is too long, or the key is no point of the curve
 */
export function cifrar(claro: Buffer, { p256dh, auth }: ChavesDaInscricao, sorte?: Sorte): Buffer {
  if (claro.length > MAX_CLARO_BYTES) throw new Error(`${claro.length} bytes are too many for Web Push`);
  const sal = sorte?.sal ?? randomBytes(16);
  const nossa = createECDH(CURVA);
  if (sorte) nossa.setPrivateKey(sorte.privada);
  else nossa.generateKeys();
  const publica = nossa.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, publica]);
  const chave = derivar(nossa.computeSecret(p256dh), auth, info, 32);
  const cipher = createCipheriv(
    'aes-128-gcm',
    derivar(chave, sal, 'Content-Encoding: aes128gcm\0', 16),
    derivar(chave, sal, 'Content-Encoding: nonce\0', 12),
  );
  const cabecalho = Buffer.alloc(5);
  cabecalho.writeUInt32BE(RECORD_BYTES, 0);
  cabecalho.writeUInt8(publica.length, 4);
  const partes = [sal, cabecalho, publica, cipher.update(claro), cipher.update(ULTIMO), cipher.final()];
  return Buffer.concat([...partes, cipher.getAuthTag()]);
}

/** Whether these are keys that messages can be encrypted by: `p256dh` on the curve, `auth` of its length. */
export function saoChaves({ p256dh, auth }: ChavesDaInscricao): boolean {
  if (p256dh.length !== 65 || p256dh[0] !== 4 || auth.length !== 16) return false;
  const ecdh = createECDH(CURVA);
  ecdh.generateKeys();
  try {
    ecdh.computeSecret(p256dh);
    return true;
  } catch {
    return false;
  }
}

function derivar(chave: Buffer, sal: Buffer, info: Buffer | string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', chave, sal, info, bytes));
}
