const FIRST_BYTES = 4 * 1024;

/**
 * A body as it comes in, in one piece. A list of its parts would cost a hundred times the memory that its length tells when
 * a client sends it byte by byte.
 */
export class BodyBuffer {
  readonly #maxBytes: number;
  #bytes = Buffer.alloc(0);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns false, and takes nothing, once the body is longer than it may be */
  add(part: Uint8Array): boolean {
    const length = this.#length + part.byteLength;
    if (length > this.#maxBytes) return false;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(part, this.#length);
    this.#length = length;
    return true;
  }

  /** What has come so far. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** To the double at least: a body is copied a few times, however small its parts are. */
  #grow(length: number): void {
    const room = Math.min(this.#maxBytes, Math.max(length, 2 * this.#bytes.length, FIRST_BYTES));
    const grown = Buffer.alloc(room);
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}
