import { ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import {
  checkDepth,
  checkItems,
  checkLength,
  checkSingle,
  notAnInstant,
  type Place,
  readInstant,
  readMask,
} from './field-bounds.ts';
import { MASK_MAX_CHARS, maskToWire } from './field-mask.ts';
import {
  fromGatewayNumber,
  fromGatewayText,
  GATEWAY_TEXT_MAX_CHARS,
  isGatewayForm,
  isListedWord,
  overwriteNumber,
} from './gateway-values.ts';
import { INSTANT_MAX_CHARS, overwriteInstant } from './instant.ts';
import { notOfContract, requestTooLarge, tooMany } from './invalid-request.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/** UTF-8 needs no more for a character. */
const BYTES_PER_CHARACTER = 4;

/**
 * Goes over the bytes of a request once, before anything is made of them, and lets through what the decoder can turn into
 * a message at a cost that the contract bounds: no more items and no longer texts than the rules allow, no field that is
 * not a list twice, no groups, no numbers without end. Some unknown fields are passed over; the decoder has to drop them.
 *
 * An instant may come as its RFC 3339 text in place of a `google.protobuf.Timestamp`: that is how Kong sends it
 * (docs/adrs/020-instants-travel-as-text.md). It is replaced in these very bytes, and so are the words and numbers that
 * Kong sends in a form of its own (`gateway-values.ts`).
 *
 * The text of a field mask is shorter than its `google.protobuf.FieldMask`: a request with one is copied, and longer.
 *
 * @param maxBytes for contracts of others, which bound nothing
 * @returns what is to be decoded: the same bytes, unless there was the text of a mask
 * @throws ConnectError `REQUISICAO_INVALIDA`
 */
export function guardWire<Bytes extends Uint8Array>(
  shape: RequestShape,
  bytes: Bytes,
  maxBytes = shape.maxBytes,
): Bytes | Uint8Array {
  if (bytes.byteLength > maxBytes) throw requestTooLarge(maxBytes);
  const guard = new WireGuard(bytes, shape.maxUnknown);
  guard.message(shape, bytes.byteLength);
  return guard.withMask() ?? bytes;
}

const DOUBLE_BYTES = 8;

/** How often a message had each of its fields. */
type Times = Map<FieldShape, number>;

class WireGuard {
  readonly #bytes: Uint8Array;
  readonly #place: Place = [];
  #pos = 0;
  #unknownLeft: number;
  #mask: { readonly from: number; readonly to: number; readonly value: Uint8Array } | undefined;

  constructor(bytes: Uint8Array, maxUnknown: number) {
    this.#bytes = bytes;
    this.#unknownLeft = maxUnknown;
  }

  /** The request with the mask that came as a text; undefined when none did. */
  withMask(): Uint8Array | undefined {
    if (this.#mask === undefined) return undefined;
    const { from, to, value } = this.#mask;
    return Buffer.concat([this.#bytes.subarray(0, from), value, this.#bytes.subarray(to)]);
  }

  /** The fields of one message, up to its end. */
  message(shape: RequestShape, end: number): void {
    const times: Times = new Map();
    while (this.#pos < end) {
      const start = this.#pos;
      const tag = this.#varint32(end);
      const wireType: WireType = tag & 7;
      const field = shape.byNumber.get(tag >>> 3);
      if (tag >>> 3 === 0) throw notOfContract('a field has the number 0');
      if (field === undefined) this.#unknown(wireType, end);
      else if (isGatewayForm(field, wireType)) this.#ofGateway(field, wireType, start, end, times);
      else this.#field(field, wireType, start, end, times);
    }
  }

  #unknown(wireType: WireType, end: number): void {
    if (this.#unknownLeft === 0) throw tooMany('campos desconhecidos');
    this.#unknownLeft -= 1;
    this.#value(wireType, end);
  }

  #field(field: FieldShape, wireType: WireType, start: number, end: number, times: Times): void {
    if (wireType === WireType.LengthDelimited && field.isPackable) {
      this.#shared(field, start, end, times);
      return;
    }
    if (wireType !== field.wireType) throw notOfContract(`${field.desc} has the wire type ${wireType}`);
    const before = this.#count(field, times);
    const room = this.#pos;
    if (wireType !== WireType.LengthDelimited) this.#value(wireType, end);
    else if (field.isMask) this.#fieldMask(field, room, this.#length(end));
    else this.#delimited(field, before, this.#length(end));
  }

  /** Counts one value more. @returns how many there were */
  #count(field: FieldShape, times: Times): number {
    const before = times.get(field) ?? 0;
    times.set(field, before + 1);
    if (field.isList) checkItems(field, before + 1, this.#place);
    else checkSingle(field, before + 1, this.#place);
    return before;
  }

  /** Values of a list in one field, or the word for one of them. */
  #shared(field: FieldShape, start: number, end: number, times: Times): void {
    const room = this.#pos;
    const until = this.#length(end);
    if (isListedWord(field, this.#pos < until ? this.#bytes[this.#pos] : undefined)) {
      this.#count(field, times);
      this.#word(field, start, room, until);
      return;
    }
    const before = times.get(field) ?? 0;
    times.set(field, before + this.#packed(field, until, before));
  }

  /** A value in a form of Kong's, which the contract's own form is written over. */
  #ofGateway(field: FieldShape, wireType: WireType, start: number, end: number, times: Times): void {
    this.#count(field, times);
    const room = this.#pos;
    if (wireType === WireType.LengthDelimited) {
      this.#word(field, start, room, this.#length(end));
      return;
    }
    this.#skip(DOUBLE_BYTES, end);
    const { buffer, byteOffset } = this.#bytes;
    const value = new DataView(buffer, byteOffset + room, DOUBLE_BYTES).getFloat64(0, true);
    this.#replace(start, room, this.#pos, fromGatewayNumber(field, value, this.#place));
  }

  /** @param room where the tag has ended, and the length of the text begins */
  #word(field: FieldShape, start: number, room: number, until: number): void {
    // One byte more than any word has tells a text that is too long.
    const end = Math.min(until, this.#pos + GATEWAY_TEXT_MAX_CHARS + 1);
    const text = latin1(this.#bytes.subarray(this.#pos, end));
    this.#replace(start, room, until, fromGatewayText(field, text, this.#place));
  }

  #replace(start: number, room: number, until: number, value: bigint): void {
    const tag = this.#bytes[start] as number;
    this.#bytes[start] = (tag & ~7) | WireType.Varint;
    overwriteNumber(this.#bytes.subarray(room, until), value);
    this.#pos = until;
  }

  /** How many values share the field. */
  #packed(field: FieldShape, until: number, before: number): number {
    let values = 0;
    while (this.#pos < until) {
      this.#value(field.wireType, until);
      values += 1;
      checkItems(field, before + values, this.#place);
    }
    return values;
  }

  #delimited(field: FieldShape, index: number, until: number): void {
    if (field.isInstant) this.#instant(field, index, until);
    else if (field.message) this.#nested(field, field.message, index, until);
    else this.#text(field, until);
  }

  #text(field: FieldShape, until: number): void {
    const perCharacter = field.desc.scalar === ScalarType.BYTES ? 1 : BYTES_PER_CHARACTER;
    checkLength(field, until - this.#pos, perCharacter, this.#place);
    this.#pos = until;
  }

  #nested(field: FieldShape, shape: RequestShape, index: number, until: number): void {
    const depth = this.#place.length;
    this.#place.push(field.desc);
    if (field.isList) this.#place.push({ kind: 'list_sub', index });
    checkDepth(field, this.#place);
    this.message(shape, until);
    this.#place.length = depth;
  }

  /**
   * A `google.protobuf.Timestamp` begins with the tag of its first or second field, a text with a digit. Zero bytes are
   * both the empty text and 1970-01-01T00:00:00Z: refused, because a form that was left empty is far more likely.
   */
  #instant(field: FieldShape, index: number, until: number): void {
    const first = this.#pos < until ? this.#bytes[this.#pos] : undefined;
    if (field.message && (first === 0x08 || first === 0x10)) {
      this.#nested(field, field.message, index, until);
      return;
    }
    // One byte more than an instant has tells a text that is too long.
    const text = this.#bytes.subarray(this.#pos, Math.min(until, this.#pos + INSTANT_MAX_CHARS + 1));
    if (first === undefined) throw notAnInstant(field, '', this.#place);
    overwriteInstant(this.#bytes.subarray(this.#pos, until), readInstant(field, latin1(text), this.#place));
    this.#pos = until;
  }

  /**
   * A `google.protobuf.FieldMask` begins with the tag of its only field, a text with a letter. One that names nothing is refused in
   * both forms. @param room where the tag has ended
   */
  #fieldMask(field: FieldShape, room: number, until: number): void {
    const first = this.#pos < until ? this.#bytes[this.#pos] : undefined;
    if (field.message && first === 0x0a) {
      this.#nested(field, field.message, 0, until);
      return;
    }
    if (this.#place.length > 0) throw notOfContract(`${field.desc} is inside a message`);
    const text = this.#bytes.subarray(this.#pos, Math.min(until, this.#pos + MASK_MAX_CHARS + 1));
    const value = maskToWire(readMask(field, latin1(text), this.#place));
    this.#mask = { from: room, to: until, value };
    this.#pos = until;
  }

  /** A value of which only the end matters. */
  #value(wireType: WireType, end: number): void {
    if (wireType === WireType.Varint) this.#skipVarint(end);
    else if (wireType === WireType.Bit64) this.#skip(8, end);
    else if (wireType === WireType.Bit32) this.#skip(4, end);
    else if (wireType === WireType.LengthDelimited) this.#pos = this.#length(end);
    else throw notOfContract(`a field has the wire type ${wireType}`);
  }

  #skip(bytes: number, end: number): void {
    if (this.#pos + bytes > end) throw truncated();
    this.#pos += bytes;
  }

  #skipVarint(end: number): void {
    for (let length = 1; length <= 10; length += 1) {
      if (this.#pos >= end) throw truncated();
      const byte = this.#bytes[this.#pos++] as number;
      if (byte < 0x80) return;
    }
    throw notOfContract('a number has no end');
  }

  /** Where the length-delimited value that begins here ends. */
  #length(end: number): number {
    const length = this.#varint32(end);
    if (this.#pos + length > end) throw truncated();
    return this.#pos + length;
  }

  #varint32(end: number): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.#pos >= end) throw truncated();
      const byte = this.#bytes[this.#pos++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xff_ff_ff_ff) break;
        return value;
      }
    }
    throw notOfContract('a number has more than 32 bits');
  }
}

function truncated(): Error {
  return notOfContract('a field ends after the message that holds it');
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
