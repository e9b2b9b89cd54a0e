import { type DescField, getExtension, hasExtension, ScalarType } from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type FieldRules,
  field as fieldRules,
  Ignore,
  type RepeatedRules,
  type StringRules,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** A JSON Schema, or any other part of an OpenAPI document. */
export type Json = { [key: string]: unknown };

/** What the validation rules of a field mean for its JSON Schema. */
export interface FieldConstraints {
  readonly schema: Json;
  /** Constraints of the elements of a list. */
  readonly items?: Json;
  /** Whether leaving the field out is always refused. */
  readonly required: boolean;
}

/** Translates the `buf.validate.field` rules of a field; CEL expressions have no equivalent and are left out. */
export function rulesOf(field: DescField): FieldConstraints {
  const { options } = field.proto;
  if (options === undefined || !hasExtension(options, fieldRules)) return { schema: {}, required: false };
  const rules = getExtension(options, fieldRules);
  const items = rules.type.case === 'repeated' ? rules.type.value.items : undefined;
  return {
    schema: constraints(rules),
    ...(items === undefined ? {} : { items: constraints(items) }),
    required: isRequired(field, rules),
  };
}

function constraints({ type }: FieldRules): Json {
  switch (type.case) {
    case 'string':
      return stringConstraints(type.value);
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
    case 'sint32':
    case 'sint64':
    case 'float':
    case 'double':
      return numberConstraints(type.value);
    case 'repeated':
      return listConstraints(type.value);
    case 'fieldMask':
      return maskConstraints(type.value.in);
    case 'map':
      return defined({
        minProperties: number(type.value.minPairs),
        maxProperties: number(type.value.maxPairs),
      });
    default:
      return {};
  }
}

function stringConstraints(rules: StringRules): Json {
  return defined({
    minLength: positive(rules.minLen) ?? positive(rules.len),
    maxLength: positive(rules.maxLen) ?? positive(rules.len),
    pattern: rules.pattern === '' ? prefixPattern(rules.prefix) : rules.pattern,
    format: stringFormat(rules),
    examples: rules.example.length > 0 ? rules.example : undefined,
    enum: rules.in.length > 0 ? rules.in : undefined,
    const: rules.const === '' ? undefined : rules.const,
  });
}

function prefixPattern(prefix: string): string | undefined {
  return prefix === '' ? undefined : `^${prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  hostname: 'hostname',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  uri: 'uri',
  uriRef: 'uri-reference',
  uuid: 'uuid',
};

function stringFormat({ wellKnown }: StringRules): string | undefined {
  return wellKnown.case === undefined || wellKnown.value === false ? undefined : FORMATS[wellKnown.case];
}

/** In JSON the mask is one text, of the names that JSON has. */
function maskConstraints(names: readonly string[]): Json {
  const name = `(?:${names.map((each) => protoCamelCase(each)).join('|')})`;
  return { pattern: `^${name}(?:,${name})*$`, maxLength: 500 };
}

type NumberCase = 'int32' | 'int64' | 'uint32' | 'uint64' | 'sint32' | 'sint64' | 'float' | 'double';
type NumberRules = Extract<FieldRules['type'], { case: NumberCase }>['value'];

function numberConstraints({ greaterThan, lessThan }: NumberRules): Json {
  return defined({
    minimum: greaterThan.case === 'gte' ? number(greaterThan.value) : undefined,
    exclusiveMinimum: greaterThan.case === 'gt' ? number(greaterThan.value) : undefined,
    maximum: lessThan.case === 'lte' ? number(lessThan.value) : undefined,
    exclusiveMaximum: lessThan.case === 'lt' ? number(lessThan.value) : undefined,
  });
}

function listConstraints(rules: RepeatedRules): Json {
  return defined({
    minItems: positive(rules.minItems),
    maxItems: positive(rules.maxItems),
    uniqueItems: rules.unique ? true : undefined,
  });
}

/** A field without presence that is left out has its zero value, which the rules may refuse. */
function isRequired(field: DescField, rules: FieldRules): boolean {
  if (rules.required) return true;
  if (rules.ignore !== Ignore.UNSPECIFIED) return false;
  if (field.fieldKind === 'list') return rules.type.case === 'repeated' && rules.type.value.minItems > 0n;
  if (field.proto.proto3Optional || field.oneof !== undefined) return false;
  if (field.fieldKind === 'enum') return rules.type.case === 'enum' && rules.type.value.notIn.includes(0);
  return field.fieldKind === 'scalar' && refusesZero(field.scalar, constraints(rules));
}

function refusesZero(type: ScalarType, schema: Json): boolean {
  if (type === ScalarType.STRING)
    return (
      Number(schema.minLength ?? 0) > 0 ||
      schema.format !== undefined ||
      (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test('')) ||
      (Array.isArray(schema.enum) && !schema.enum.includes(''))
    );
  return Number(schema.minimum ?? 0) > 0 || Number(schema.exclusiveMinimum ?? -1) >= 0;
}

function number(value: number | bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function positive(value: bigint): number | undefined {
  return value > 0n ? Number(value) : undefined;
}

function defined(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
