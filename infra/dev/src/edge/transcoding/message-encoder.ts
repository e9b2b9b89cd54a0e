import protobuf, { type Writer } from 'protobufjs';
import { parseLuaDate } from './lua-date.ts';
import { toLuaInteger, toLuaNumber } from './lua-values.ts';
import type { FieldSpec, MessageSpec, ScalarType, ValueSpec } from './message-spec.ts';

/** The JSON value does not fit the field; Kong says only "failed to encode payload". */
export class EncodeError extends Error {}

type JsonObject = Record<string, unknown>;

/** The encoder follows the schema, so only a schema that contains itself can go this deep. */
const MAX_DEPTH = 100;

const WIRE_TYPES: Record<ScalarType, number> = {
  double: 1,
  float: 5,
  int32: 0,
  uint32: 0,
  sint32: 0,
  fixed32: 5,
  sfixed32: 5,
  int64: 0,
  uint64: 0,
  sint64: 0,
  fixed64: 1,
  sfixed64: 1,
  bool: 0,
  string: 2,
  bytes: 2,
};

/**
 * Encodes a JSON payload as lua-protobuf does: unknown keys are ignored, lists and objects count as
 * tables alike, numbers and strings are coerced with Lua's rules, and no range is checked.
 *
 * @throws {EncodeError} when a value cannot be read as its field's type.
 */
export function encodeMessage(spec: MessageSpec, payload: JsonObject): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(writer, spec, payload, 0);
  return writer.finish();
}

function writeMessage(writer: Writer, spec: MessageSpec, table: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new EncodeError(`${spec.fullName}: nested too deep`);
  // The keys of a list are numbers in Lua, never names of fields.
  if (Array.isArray(table)) return;
  for (const [key, value] of Object.entries(table)) {
    const field = spec.byName.get(key);
    if (field) writeField(writer, spec, field, value, depth);
  }
}

function writeField(
  writer: Writer,
  spec: MessageSpec,
  field: FieldSpec,
  value: unknown,
  depth: number,
): void {
  if (field.shape === 'map') writeMap(writer, field, table(field, value), depth);
  else if (field.shape === 'list') writeList(writer, field, table(field, value), depth);
  else if (!(spec.isProto3 && isDroppedZero(field.value, value))) writeTagged(writer, field, value, depth);
}

function table(field: FieldSpec, value: unknown): object {
  if (typeof value === 'object' && value !== null) return value;
  throw new EncodeError(`table expected at field '${field.name}'`);
}

function writeList(writer: Writer, field: FieldSpec, values: object, depth: number): void {
  const items: unknown[] = Array.isArray(values) ? values : [];
  if (!field.packed) {
    for (const item of items) writeTagged(writer, field, item, depth);
    return;
  }
  writer.uint32((field.number << 3) | 2).fork();
  for (const item of items) writeValue(writer, field, item, depth);
  writer.ldelim();
}

function writeMap(writer: Writer, field: FieldSpec, entries: object, depth: number): void {
  if (Array.isArray(entries) && entries.length > 0)
    throw new EncodeError(`string keys expected at '${field.name}'`);
  for (const [key, value] of Object.entries(entries)) {
    writer.uint32((field.number << 3) | 2).fork();
    writer.uint32(0x0a).string(key);
    writeTagged(writer, { ...field, number: 2 }, value, depth);
    writer.ldelim();
  }
}

function writeTagged(writer: Writer, field: FieldSpec, value: unknown, depth: number): void {
  writer.uint32((field.number << 3) | wireType(field.value));
  writeValue(writer, field, value, depth);
}

function wireType(value: ValueSpec): number {
  if (value.kind === 'scalar') return WIRE_TYPES[value.type];
  return value.kind === 'enum' ? 0 : 2;
}

function writeValue(writer: Writer, field: FieldSpec, value: unknown, depth: number): void {
  const { value: spec } = field;
  if (spec.kind === 'scalar') writeScalar(writer, field.name, spec.type, value);
  else if (spec.kind === 'enum') writer.int64(longBits(enumNumber(field.name, spec.byName, value)));
  else writeNested(writer, field, spec.spec, value, depth);
}

function writeNested(
  writer: Writer,
  field: FieldSpec,
  spec: MessageSpec,
  value: unknown,
  depth: number,
): void {
  writer.fork();
  if (spec.isTimestamp) writeTimestamp(writer, field, value);
  else writeMessage(writer, spec, table(field, value), depth + 1);
  writer.ldelim();
}

function writeTimestamp(writer: Writer, field: FieldSpec, value: unknown): void {
  const instant = typeof value === 'string' ? parseLuaDate(value) : undefined;
  if (!instant) throw new EncodeError(`expected time string at field '${field.name}'`);
  if (instant.seconds !== 0) writer.uint32(0x08).int64(instant.seconds);
  if (instant.nanos !== 0) writer.uint32(0x10).int32(instant.nanos);
}

function enumNumber(name: string, byName: Map<string, number>, value: unknown): bigint {
  const known = typeof value === 'string' ? byName.get(value) : undefined;
  if (known !== undefined) return BigInt(known);
  return integer(name, value);
}

/** In proto3 an explicit empty string or zero is dropped; false and the first enum value are not. */
function isDroppedZero(spec: ValueSpec, value: unknown): boolean {
  if (spec.kind !== 'scalar' || spec.type === 'bool') return false;
  if (spec.type === 'string' || spec.type === 'bytes') return value === '';
  if (spec.type === 'double' || spec.type === 'float') return toLuaNumber(value) === 0;
  return toLuaInteger(value) === 0n;
}

function writeScalar(writer: Writer, name: string, type: ScalarType, value: unknown): void {
  switch (type) {
    case 'string':
    case 'bytes':
      writer.string(text(name, value));
      return;
    case 'bool':
      // Lua's truth: everything but false and nil, and a JSON null is not nil.
      writer.bool(value !== false);
      return;
    case 'double':
    case 'float':
      writer[type](number(name, value));
      return;
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      writer[type](Number(BigInt.asIntN(32, integer(name, value))));
      return;
    case 'uint32':
    case 'fixed32':
      writer[type](Number(BigInt.asUintN(32, integer(name, value))));
      return;
    default:
      writer[type](longBits(integer(name, value)));
  }
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new EncodeError(`string expected for field '${name}'`);
}

function number(name: string, value: unknown): number {
  const converted = toLuaNumber(value);
  if (converted === undefined) throw new EncodeError(`number expected for field '${name}'`);
  return converted;
}

function integer(name: string, value: unknown): bigint {
  const converted = toLuaInteger(value);
  if (converted === undefined) throw new EncodeError(`integer expected for field '${name}'`);
  return converted;
}

function longBits(value: bigint): protobuf.Long {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return { low, high, unsigned: false } as protobuf.Long;
}
