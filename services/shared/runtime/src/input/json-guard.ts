import type { JsonValue } from '@bufbuild/protobuf';
import {
  checkDepth,
  checkEnumName,
  checkItems,
  checkLength,
  notAnInstant,
  type Place,
  readInstant,
} from './field-bounds.ts';
import { notOfContract, requestTooLarge, tooMany } from './invalid-request.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/** JavaScript counts a character outside the first plane as two. */
const UNITS_PER_CHARACTER = 2;

/**
 * What the guard of the wire does for binary requests, for those in JSON: lists and texts within the bounds of the
 * contract, and instants that exist, before anything is made of them. Whether the JSON is the message of the contract is
 * for the decoder to say; unknown members are passed over.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA`
 */
export function guardJson(shape: RequestShape, bytes: Uint8Array): void {
  if (bytes.byteLength > shape.maxBytes) throw requestTooLarge(shape.maxBytes);
  // Of these marks, the JSON of a value has two at most, and one opens the message.
  checkMarks(bytes, 2 * (shape.maxValues + shape.maxUnknown) + 1);
  guardJsonValue(shape, parse(bytes));
}

/** The same for JSON that has been parsed, and was bounded before. */
export function guardJsonValue(shape: RequestShape, json: JsonValue): void {
  message(shape, json, []);
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, OPEN_OBJECT] = Buffer.from('"\\,[{');

/** Parsing many small values costs far more than their bytes tell, so they are counted first. */
function checkMarks(bytes: Uint8Array, allowed: number): void {
  let marks = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) inText = !inText;
    else if (inText && byte === BACKSLASH) at += 1;
    else if (!inText && (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT)) marks += 1;
    if (marks > allowed) throw tooMany('valores');
  }
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (err) {
    throw notOfContract('the body is not JSON', err);
  }
}

function message(shape: RequestShape, json: JsonValue, place: Place): void {
  if (typeof json !== 'object' || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    const field = shape.byJsonName.get(name);
    if (field?.isList && Array.isArray(value)) list(field, value, place);
    else if (field) item(field, value, place);
  }
}

function list(field: FieldShape, items: readonly JsonValue[], place: Place): void {
  checkItems(field, items.length, place);
  for (const [index, value] of items.entries()) item(field, value, place, index);
}

function item(field: FieldShape, value: JsonValue, place: Place, index?: number): void {
  if (field.isInstant) instant(field, value, place);
  else if (field.message) nested(field, field.message, value, place, index);
  else if (typeof value === 'string') text(field, value, place);
}

function text(field: FieldShape, value: string, place: Place): void {
  // The decoder would pass over the name of a value that it does not know, and do something else than was asked for.
  if (field.desc.enum) checkEnumName(field, value, place);
  else checkLength(field, value.length, UNITS_PER_CHARACTER, place);
}

/** `null` is how JSON says that a field is not there. */
function instant(field: FieldShape, value: JsonValue, place: Place): void {
  if (typeof value === 'string') readInstant(field, value, place);
  else if (value !== null) throw notAnInstant(field, '', place);
}

function nested(
  field: FieldShape,
  shape: RequestShape,
  value: JsonValue,
  place: Place,
  index: number | undefined,
): void {
  const depth = place.length;
  place.push(field.desc);
  if (index !== undefined) place.push({ kind: 'list_sub', index });
  checkDepth(field, place);
  message(shape, value, place);
  place.length = depth;
}
