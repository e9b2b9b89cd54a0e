import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** No serialized answer begins with this byte: those that earlier releases have stored are known by their first one. */
const SEALED = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Whose answer it is: the caller, and the key of the call. */
interface Owner {
  readonly escopo: string;
  readonly chave: string;
}

/**
 * Encrypts stored answers, each bound to its caller and key. Some hold what the database must not know by itself, such as the
 * address of a calendar feed, which is good for as long as the feed lives.
 */
export class ReplySeal {
  readonly #keys: readonly [Buffer, ...Buffer[]];

  /** @param keys the first one seals, all are tried: an old one has to stay for as long as answers are kept */
  constructor(keys: readonly Uint8Array[], service: string) {
    const [current, ...older] = keys.map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', `stored-replies/${service}`, 32)),
    );
    if (!current) throw new Error('stored answers need a key');
    this.#keys = [current, ...older];
  }

  seal(reply: Uint8Array, owner: Owner): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0], nonce).setAAD(boundTo(owner));
    const sealed = Buffer.concat([cipher.update(reply), cipher.final()]);
    return Buffer.concat([Buffer.of(SEALED), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error for what none of the keys has sealed for this owner */
  open(stored: Buffer, owner: Owner): Buffer {
    if (stored[0] !== SEALED) return stored;
    for (const key of this.#keys) {
      const opened = openWith(key, stored, owner);
      if (opened) return opened;
    }
    throw new Error('a stored answer cannot be opened: its key is gone');
  }
}

function openWith(key: Buffer, stored: Buffer, owner: Owner): Buffer | undefined {
  const nonce = stored.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(boundTo(owner))
    .setAuthTag(stored.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(stored.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    // Node has no other way to say that the tag is not of this key.
    return undefined;
  }
}

/** A key has no line break, so that no two owners are the same bytes. */
function boundTo({ escopo, chave }: Owner): Buffer {
  return Buffer.from(`${chave}\n${escopo}`);
}
