import type { DescMethod } from '@bufbuild/protobuf';
import { toConnectError } from '../errors/errors.ts';
import { notOfContract, requestTooLarge } from '../input/invalid-request.ts';
import type { OnStream } from './grpc-http2.ts';
import { refuse } from './grpc-limits.ts';

/** What the body of a call may be. */
export interface BodyRules {
  readonly method: DescMethod;
  /** Largest message, packed or not. */
  readonly maxBytes: number;
}

/** Puts the watch over bodies in front of grpc-js. @param rules by path; what has none is not read by grpc-js either */
export function guardBodies(
  rules: ReadonlyMap<string, BodyRules>,
  onRejected: (method: DescMethod, err: unknown) => void,
): (next: OnStream) => OnStream {
  return (next) =>
    (stream, headers, ...rest) => {
      const ofCall = rules.get(headers[':path'] ?? '');
      if (ofCall) {
        const guard = new FrameGuard(ofCall);
        // Before the one of grpc-js, which then takes nothing more from a call that has been refused.
        stream.on('data', function check(part: Buffer) {
          try {
            guard.check(part);
          } catch (err) {
            stream.off('data', check);
            onRejected(ofCall.method, err);
            refuse(stream, toConnectError(err));
          }
        });
      }
      next(stream, headers, ...rest);
    };
}

/** grpc-js keeps a message in the parts in which it comes, and each costs far more than a byte. */
const MAX_PARTS = 1_000;
/** A flag that tells whether the message is compressed, and its length. */
const HEADER_BYTES = 5;

/**
 * Watches the body of a call pass by on its way to grpc-js, which reads everything that comes and hands it on when the client
 * says that it was all. It would hold as many messages as a client likes to send, unpacked, where the call has one.
 */
export class FrameGuard {
  readonly #rules: BodyRules;
  readonly #isStream: boolean;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  /** Bytes of the message that have not come yet. */
  #left = 0;
  #messages = 0;
  #parts = 0;

  constructor(rules: BodyRules) {
    const { methodKind } = rules.method;
    this.#rules = rules;
    this.#isStream = methodKind === 'bidi_streaming';
  }

  /** @throws ConnectError `REQUISICAO_INVALIDA` as soon as the body is none that the call may have */
  check(part: Uint8Array): void {
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw notOfContract('the message comes in too many parts');
    let at = 0;
    while (at < part.length) {
      if (this.#left > 0) at += this.#body(part.length - at);
      else this.#headerByte(part[at++] as number);
      // A message without a byte ends with its header.
      if (this.#left === 0 && this.#headerBytes === 0) this.#parts = 0;
    }
  }

  #body(bytes: number): number {
    const taken = Math.min(this.#left, bytes);
    this.#left -= taken;
    return taken;
  }

  #headerByte(byte: number): void {
    if (this.#messages > 0 && !this.#isStream) throw notOfContract('there is more than one message');
    this.#header[this.#headerBytes++] = byte;
    if (this.#headerBytes === HEADER_BYTES) this.#message();
  }

  #message(): void {
    this.#headerBytes = 0;
    this.#messages += 1;
    this.#left = this.#header.readUInt32BE(1);
    if (this.#left > this.#rules.maxBytes) throw requestTooLarge(this.#rules.maxBytes);
    if (this.#isStream && this.#header[0] !== 0)
      throw notOfContract('the messages of a stream cannot be compressed');
  }
}
