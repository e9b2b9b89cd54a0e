/*
 * The forms in which Kong sends values whose own form would not let the service see what was meant
 * (docs/adrs/057-nothing-is-ignored-in-silence.md): its copies of the contracts declare enums as texts, and numbers as doubles
 * or, in queries, as texts. A double or a text cannot be taken for the contract's own form: their wire types differ.
 */

import { ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { enumWords } from './enum-words.ts';
import { checkEnumWord, mistyped, type Place } from './field-bounds.ts';
import type { FieldShape } from './request-shape.ts';
import { type NumberRange, numbersOf, wholeNumber, wholeNumberForm } from './whole-numbers.ts';

/** Longer than any number and any word of an enum. */
export const GATEWAY_TEXT_MAX_CHARS = 100;

/** No number of an enum in a list is larger (generation sees to it), no text begins with so small a byte. */
const LARGEST_LISTED_NUMBER = 0x1f;

/** Numbers of which the varint is the number itself. */
const NUMBERS = new Set<ScalarType | undefined>([
  ScalarType.INT32,
  ScalarType.UINT32,
  ScalarType.INT64,
  ScalarType.UINT64,
]);

const TRUTH = new Map([
  ['true', 1n],
  ['false', 0n],
]);

/** Whether a value of this wire type is not the contract's own form, but one of Kong's. */
export function isGatewayForm(field: FieldShape, wireType: WireType): boolean {
  const { scalar, enum: words } = field.desc;
  const isNumber = NUMBERS.has(scalar);
  if (wireType === WireType.Bit64) return isNumber;
  // The values of a list may share one length-delimited field.
  if (wireType !== WireType.LengthDelimited || field.isPackable) return false;
  return isNumber || scalar === ScalarType.BOOL || words !== undefined;
}

/** Whether the value of a list of enums is a text, not numbers that share a field. @param first byte, if there is one */
export function isListedWord({ desc, isList }: FieldShape, first: number | undefined): boolean {
  return isList && desc.enum !== undefined && (first === undefined || first > LARGEST_LISTED_NUMBER);
}

/** @throws ConnectError `REQUISICAO_INVALIDA` for a text that is no value of the field */
export function fromGatewayText(field: FieldShape, text: string, place: Place): bigint {
  const { desc } = field;
  if (desc.enum) return BigInt(checkEnumWord(field, enumWords(desc.enum).get(text), place));
  if (desc.scalar !== ScalarType.BOOL) return fromGatewayNumber(field, text, place);
  const truth = TRUTH.get(text);
  if (truth === undefined) throw mistyped(field, 'deve ser true ou false', place);
  return truth;
}

/** @throws ConnectError `REQUISICAO_INVALIDA` for what is no whole number, below zero, or more than the field holds */
export function fromGatewayNumber(field: FieldShape, value: number | string, place: Place): bigint {
  const numbers = positive(numbersOf(field.desc));
  const number = wholeNumber(value, numbers);
  if (number === undefined) throw mistyped(field, wholeNumberForm(numbers), place);
  return number;
}

/** No request of a contract has a number below zero, and one would need more bytes than its text or double has. */
function positive(numbers: NumberRange | undefined): NumberRange {
  const max = numbers?.max ?? 0n;
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  return { min: 0n, max: max < safe ? max : safe };
}

/** Two bytes of a tag that no message has, for what is left of a text. */
const FILLER = [0xfa, 0x7f];
const MAX_VARINT_BYTES = 10;
const FILLED_VARINT_BYTES = 8;

/**
 * Writes a number over what stood for it, from behind the tag to the end: padded, and followed by a field that the decoder
 * drops where that is longer than a number may be.
 */
export function overwriteNumber(room: Uint8Array, value: bigint): void {
  const fits = room.length <= MAX_VARINT_BYTES;
  const bytes = fits ? room.length : FILLED_VARINT_BYTES;
  let rest = value;
  for (let at = 0; at < bytes; at += 1) {
    room[at] = Number(rest & 0x7fn) | (at < bytes - 1 ? 0x80 : 0);
    rest >>= 7n;
  }
  if (fits) return;
  room.set(FILLER, bytes);
  const at = bytes + FILLER.length;
  room[at] = room.length - at - 1;
}
