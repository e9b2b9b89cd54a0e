import type { Enum, Field, Type } from 'protobufjs';

/** Protobuf scalar types as written in a .proto file. */
export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

export type ValueSpec =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | { readonly kind: 'enum'; readonly byName: Map<string, number>; readonly byNumber: Map<number, string> }
  | { readonly kind: 'message'; readonly spec: MessageSpec };

export interface FieldSpec {
  readonly name: string;
  readonly number: number;
  readonly value: ValueSpec;
  readonly shape: 'single' | 'list' | 'map';
  readonly packed: boolean;
  /** Name of the oneof that holds the field: Kong adds it to the JSON as a key of its own. */
  readonly oneof: string | undefined;
  /** JSON text of an unset field, `undefined` when the key is left out. */
  readonly unsetJson: string | undefined;
}

/** What the codec needs of one message type, computed once when the file is loaded. */
export interface MessageSpec {
  readonly fullName: string;
  readonly isTimestamp: boolean;
  readonly isProto3: boolean;
  readonly fields: FieldSpec[];
  readonly byName: Map<string, FieldSpec>;
  /** Position in `fields` by field number. */
  readonly indexByNumber: Map<number, number>;
}

class UnsupportedProtoError extends Error {}

const PACKABLE_EXCLUDED = new Set<string>(['string', 'bytes']);

/** Compiles protobufjs reflection into specs; one instance per loaded file, so that types are shared. */
export class SpecCompiler {
  readonly #specs = new Map<string, MessageSpec>();

  compile(type: Type): MessageSpec {
    const known = this.#specs.get(type.fullName);
    if (known) return known;
    const spec: MessageSpec = {
      fullName: type.fullName.replace(/^\./, ''),
      isTimestamp: type.fullName === '.google.protobuf.Timestamp',
      isProto3: syntaxOf(type) === 'proto3',
      fields: [],
      byName: new Map(),
      indexByNumber: new Map(),
    };
    // Registered before its fields: a message may contain itself.
    this.#specs.set(type.fullName, spec);
    for (const field of type.fieldsArray) this.#addField(spec, field);
    return spec;
  }

  #addField(spec: MessageSpec, field: Field): void {
    const compiled = this.#field(spec, field);
    spec.indexByNumber.set(field.id, spec.fields.length);
    spec.byName.set(field.name, compiled);
    spec.fields.push(compiled);
  }

  #field(spec: MessageSpec, field: Field): FieldSpec {
    const value = this.#value(field);
    const shape = field.map ? 'map' : field.repeated ? 'list' : 'single';
    rejectIntegerKeys(field);
    return {
      name: field.name,
      number: field.id,
      value,
      shape,
      packed: shape === 'list' && field.packed && value.kind !== 'message',
      oneof: field.partOf?.name,
      unsetJson: unsetJson(spec, value, shape, field),
    };
  }

  #value(field: Field): ValueSpec {
    const resolved = field.resolvedType;
    if (resolved === null) return { kind: 'scalar', type: field.type as ScalarType };
    if ('values' in resolved) return enumSpec(resolved);
    return { kind: 'message', spec: this.compile(resolved) };
  }
}

/** Whether many values of this type may share one length-delimited field. */
export function isPackable(value: ValueSpec): boolean {
  return value.kind === 'enum' || (value.kind === 'scalar' && !PACKABLE_EXCLUDED.has(value.type));
}

function syntaxOf(type: Type): string | undefined {
  return (type as unknown as { _edition?: string })._edition;
}

function rejectIntegerKeys(field: Field): void {
  const keyType = (field as Field & { keyType?: string }).keyType;
  if (field.map && keyType !== 'string') {
    throw new UnsupportedProtoError(`${field.fullName}: maps with ${keyType} keys break in Kong's JSON`);
  }
}

function enumSpec(type: Enum): ValueSpec {
  const byName = new Map(Object.entries(type.values));
  const byNumber = new Map<number, string>();
  for (const [name, number] of byName) if (!byNumber.has(number)) byNumber.set(number, name);
  return { kind: 'enum', byName, byNumber };
}

function unsetJson(
  spec: MessageSpec,
  value: ValueSpec,
  shape: FieldSpec['shape'],
  field: Field,
): string | undefined {
  if (shape === 'list') return '[]';
  if (shape === 'map') return '{}';
  if (!spec.isProto3 || spec.isTimestamp || field.partOf) return undefined;
  return hasOptions(field) ? defaultUnderOptionBug(value) : proto3Default(value);
}

function hasOptions(field: Field): boolean {
  return Object.keys(field.options ?? {}).some((name) => name !== 'packed');
}

/** With any field option, Kong's parser turns the proto3 default into the text "nil". */
function defaultUnderOptionBug(value: ValueSpec): string | undefined {
  return value.kind === 'scalar' && PACKABLE_EXCLUDED.has(value.type) ? '"nil"' : undefined;
}

function proto3Default(value: ValueSpec): string | undefined {
  if (value.kind === 'message') return undefined;
  if (value.kind === 'enum') return `"${value.byNumber.get(0) ?? ''}"`;
  if (value.type === 'string' || value.type === 'bytes') return '""';
  return value.type === 'bool' ? 'false' : '0';
}
