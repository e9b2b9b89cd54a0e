import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import {
  checkDepth,
  checkItems,
  checkSingle,
  mistyped,
  notAnInstant,
  type Place,
  readInstant,
  readMask,
} from './field-bounds.ts';
import { notAnObject, notOfContract, requestTooLarge, tooMany, unknownField } from './invalid-request.ts';
import { checkJsonValue } from './json-values.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/**
 * What the guard of the wire does for binary requests, for those in JSON: lists and texts within the bounds of the
 * contract, and instants that exist, before anything is made of them. Members that the contract does not have, and values
 * of another type than their field's, are refused by name (docs/adrs/057-nothing-is-ignored-in-silence.md).
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
  // A wrapper of a value is that value in JSON.
  if (isWrapperDesc(shape.desc)) return;
  if (!isObject(json)) throw notAnObject();
  const seen = new Set<FieldShape>();
  for (const [name, value] of Object.entries(json)) {
    const field = shape.byJsonName.get(name);
    if (field === undefined) throw unknownField(name, place);
    // It may come under its name in JSON and under that of the contract.
    checkSingle(field, seen.has(field) ? 2 : 1, place);
    seen.add(field);
    // `null` is how JSON says that a field is not there.
    if (value === null) continue;
    if (field.isList) list(field, value, place);
    else item(field, value, place);
  }
  const mask = [...shape.byNumber.values()].find(({ isMask }) => isMask);
  if (mask && !seen.has(mask)) refuseEmptyLists(json, shape, place);
}

/** What is decoded cannot tell an empty list from one that was left out, which an update leaves as it is. */
function refuseEmptyLists(json: JsonObject, shape: RequestShape, place: Place): void {
  for (const [name, value] of Object.entries(json)) {
    const field = shape.byJsonName.get(name);
    if (field?.isList && Array.isArray(value) && value.length === 0)
      throw mistyped(field, 'está vazia: para que fique sem nada, nomeie-a em updateMask', place);
  }
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function list(field: FieldShape, items: JsonValue, place: Place): void {
  if (!Array.isArray(items)) throw mistyped(field, 'deve ser uma lista', place);
  checkItems(field, items.length, place);
  for (const [index, value] of items.entries()) item(field, value, place, index);
}

function item(field: FieldShape, value: JsonValue, place: Place, index?: number): void {
  if (field.isInstant) instant(field, value, place);
  else if (field.isMask) readMask(field, typeof value === 'string' ? value : '', place);
  else if (field.message) nested(field, field.message, value, place, index);
  else checkJsonValue(field, value, place, index);
}

function instant(field: FieldShape, value: JsonValue, place: Place): void {
  if (typeof value !== 'string') throw notAnInstant(field, '', place);
  readInstant(field, value, place);
}

function nested(
  field: FieldShape,
  shape: RequestShape,
  value: JsonValue,
  place: Place,
  index: number | undefined,
): void {
  if (!isObject(value) && !isWrapperDesc(shape.desc))
    throw mistyped(field, 'deve ser um objeto', place, index);
  const depth = place.length;
  place.push(field.desc);
  if (index !== undefined) place.push({ kind: 'list_sub', index });
  checkDepth(field, place);
  message(shape, value, place);
  place.length = depth;
}
