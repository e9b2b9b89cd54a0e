import protobuf, { type Reader } from 'protobufjs';
import { formatLuaDate } from './lua-date.ts';
import { luaNumberToJson, luaStringToJson } from './lua-values.ts';
import {
  type FieldSpec,
  isPackable,
  type MessageSpec,
  type ScalarType,
  type ValueSpec,
} from './message-spec.ts';

/** JSON text collected per field; lists and maps collect one text per entry. */
type Collected = (string | string[] | undefined)[];

const LENGTH_DELIMITED = 2;

/**
 * Decodes a message straight into JSON text as lua-protobuf and cjson do together. The text holds one
 * character per byte (latin1), so strings and bytes fields pass through unchanged.
 *
 * @throws {RangeError} for malformed bytes, NaN and infinities.
 */
export function decodeToJson(spec: MessageSpec, bytes: Buffer): string {
  return messageToJson(protobuf.Reader.create(bytes), bytes.length, spec);
}

function messageToJson(reader: Reader, end: number, spec: MessageSpec): string {
  if (spec.isTimestamp) return timestampToJson(reader, end);
  const collected: Collected = new Array(spec.fields.length);
  const oneofs = new Map<string, string>();
  while (reader.pos < end) {
    const tag = reader.uint32();
    const index = spec.indexByNumber.get(tag >>> 3);
    const field = index === undefined ? undefined : spec.fields[index];
    if (field === undefined || index === undefined) reader.skipType(tag & 7);
    else readField(reader, tag & 7, field, index, collected, oneofs);
  }
  return toObject(spec, collected, oneofs);
}

function readField(
  reader: Reader,
  wireType: number,
  field: FieldSpec,
  index: number,
  collected: Collected,
  oneofs: Map<string, string>,
): void {
  if (field.oneof !== undefined) oneofs.set(field.oneof, field.name);
  if (field.shape === 'single') {
    collected[index] = valueToJson(reader, field.value);
    return;
  }
  let entries = collected[index];
  if (!Array.isArray(entries)) {
    entries = [];
    collected[index] = entries;
  }
  if (field.shape === 'map') entries.push(mapEntryToJson(reader, field.value));
  else if (wireType === LENGTH_DELIMITED && isPackable(field.value)) readPacked(reader, field.value, entries);
  else entries.push(valueToJson(reader, field.value));
}

function readPacked(reader: Reader, value: ValueSpec, entries: string[]): void {
  const length = reader.uint32();
  const end = reader.pos + length;
  while (reader.pos < end) entries.push(valueToJson(reader, value));
}

function mapEntryToJson(reader: Reader, value: ValueSpec): string {
  const length = reader.uint32();
  const end = reader.pos + length;
  let key = '""';
  let content = emptyValue(value);
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = luaStringToJson(bytesOf(reader));
    else if (tag >>> 3 === 2) content = valueToJson(reader, value);
    else reader.skipType(tag & 7);
  }
  return `${key}:${content}`;
}

function emptyValue(value: ValueSpec): string {
  if (value.kind === 'message') return '{}';
  if (value.kind === 'enum') return `"${value.byNumber.get(0) ?? ''}"`;
  if (value.type === 'string' || value.type === 'bytes') return '""';
  return value.type === 'bool' ? 'false' : '0';
}

function valueToJson(reader: Reader, value: ValueSpec): string {
  if (value.kind === 'scalar') return scalarToJson(reader, value.type);
  if (value.kind === 'enum') {
    const number = reader.int32();
    const name = value.byNumber.get(number);
    return name === undefined ? String(number) : `"${name}"`;
  }
  const length = reader.uint32();
  return messageToJson(reader, reader.pos + length, value.spec);
}

function scalarToJson(reader: Reader, type: ScalarType): string {
  switch (type) {
    case 'string':
    case 'bytes':
      return luaStringToJson(bytesOf(reader));
    case 'bool':
      return reader.bool() ? 'true' : 'false';
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return luaNumberToJson(toDouble(reader[type]()));
    default:
      return luaNumberToJson(reader[type]());
  }
}

/** Lua keeps 64-bit integers as doubles. */
function toDouble(value: number | protobuf.Long): number {
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0);
}

function bytesOf(reader: Reader): string {
  const bytes = reader.bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function timestampToJson(reader: Reader, end: number): string {
  let seconds = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) seconds = toDouble(reader.int64());
    else reader.skipType(tag & 7);
  }
  return `"${formatLuaDate(seconds)}"`;
}

function toObject(spec: MessageSpec, collected: Collected, oneofs: Map<string, string>): string {
  const members: string[] = [];
  for (const [index, field] of spec.fields.entries()) {
    const json = fieldJson(field, collected[index]);
    if (json !== undefined) members.push(`"${field.name}":${json}`);
  }
  for (const [oneof, member] of oneofs) members.push(`"${oneof}":"${member}"`);
  return `{${members.join(',')}}`;
}

function fieldJson(field: FieldSpec, value: string | string[] | undefined): string | undefined {
  if (value === undefined) return field.unsetJson;
  if (!Array.isArray(value)) return value;
  return field.shape === 'map' ? `{${value.join(',')}}` : `[${value.join(',')}]`;
}
