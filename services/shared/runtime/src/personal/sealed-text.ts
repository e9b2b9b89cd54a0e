import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a sealed text begins with; what follows is nonce, tag and ciphertext. */
const PREFIX = 'pessoal:v1:';

/** Stands for a text of a person whose key was destroyed before it could be sealed: there is nothing behind it to open. */
export const ERASED = PREFIX;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text that was sealed under another key, or for another place, or changed on its way. Says nothing of what it held. */
export class NotOpenedError extends Error {
  override readonly name = 'NotOpenedError';
}

export const isSealed = (text: string) => text.startsWith(PREFIX);

/** @param context is authenticated with the text and has to be the same when it is opened */
export function sealText(key: Buffer, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** @throws NotOpenedError when key, context or a single bit differs */
export function openText(key: Buffer, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new NotOpenedError('a sealed text is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    throw new NotOpenedError('a sealed text does not open under the key of its person');
  }
}
