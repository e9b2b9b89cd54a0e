/** One operation of the NATS protocol, as it travels. */
export interface Frame {
  /** Everything of it, to be passed on. */
  readonly bytes: Buffer;
  /** `PUB`, `HMSG`, `PING`, ... */
  readonly operation: string;
  /** What stands behind the operation in its line; subject first where there is one. */
  readonly fields: readonly string[];
  /** Headers of a message; empty where it has none. */
  readonly headers: string;
  readonly body: string;
}

const LINE_END = '\r\n';
const MESSAGES: ReadonlySet<string> = new Set(['PUB', 'HPUB', 'MSG', 'HMSG']);
const WITH_HEADERS: ReadonlySet<string> = new Set(['HPUB', 'HMSG']);

/** Cuts one direction of a connection into operations, however its bytes are cut into pieces. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** The operations that this piece completes, in order. */
  *read(chunk: Buffer): Generator<Frame> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let frame = this.#first(); frame !== undefined; frame = this.#first()) {
      this.#rest = this.#rest.subarray(frame.bytes.length);
      yield frame;
    }
  }

  #first(): Frame | undefined {
    const end = this.#rest.indexOf(LINE_END);
    if (end === -1) return undefined;
    const [operation = '', ...fields] = this.#rest.toString('latin1', 0, end).split(/\s+/);
    const start = end + LINE_END.length;
    const name = operation.toUpperCase();
    if (!MESSAGES.has(name)) {
      const bytes = this.#rest.subarray(0, start);
      return { bytes, operation: name, fields, headers: '', body: '' };
    }
    const size = Number(fields.at(-1));
    const total = start + size + LINE_END.length;
    if (this.#rest.length < total) return undefined;
    const body = start + (WITH_HEADERS.has(name) ? Number(fields.at(-2)) : 0);
    return {
      bytes: this.#rest.subarray(0, total),
      operation: name,
      fields,
      headers: this.#rest.toString('utf8', start, body),
      body: this.#rest.toString('utf8', body, start + size),
    };
  }
}
