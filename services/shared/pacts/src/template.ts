import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
  toJson,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';

/** A rule of Pact, as its core reads it in JSON. */
const rule = (type: string, value: unknown, more = {}) => ({ 'pact:matcher:type': type, value, ...more });

/** Any text that the expression matches. */
export const regex = ({ source }: RegExp, value: string) => rule('regex', value, { regex: source });

/** What a state of the provider gives under this name; in front of it may be a word, as in front of a token. */
export const chosenByProvider = (name: string, example: string, word = '') =>
  rule('type', `${word}${example}`, {
    ...{ 'pact:generator:type': 'ProviderState', expression: `${word}\${${name}}` },
  });

const eachLike = (value: unknown) => rule('type', [value], { min: 1 });

/** JSON with the rules of Pact that say what may vary in it. */
export type Template = { [jsonName: string]: unknown };

const WHOLE = /^-?\d+$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const LONG: ReadonlySet<ScalarType> = new Set([
  ...[ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64],
]);

/**
 * What has to be in the proto JSON of a message: the fields of the example, each with any value of its kind. A flag that is set
 * has to be set, for one that is not is not in the JSON.
 */
export function templateOf<S extends DescMessage>(schema: S, example: MessageShape<S>): Template {
  return ofMessage(reflect(schema, example));
}

function ofMessage(message: ReflectMessage): Template {
  const set = message.fields.filter((field) => message.isSet(field));
  return Object.fromEntries(set.map((field) => [field.jsonName, ofField(message, field)]));
}

function ofField(message: ReflectMessage, field: DescField): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return ofScalar(field.scalar, message.get(field));
    case 'enum':
      return ofEnum(field.enum, message.get(field));
    case 'message':
      return ofChild(message.get(field));
    case 'list': {
      const [first] = message.get(field);
      if (field.listKind === 'message') return eachLike(ofChild(first as ReflectMessage));
      return eachLike(field.listKind === 'enum' ? ofEnum(field.enum, first) : ofScalar(field.scalar, first));
    }
    default:
      throw new Error(`${field}: there is no rule for maps`);
  }
}

function ofChild(child: ReflectMessage): unknown {
  if (child.desc.typeName !== TimestampSchema.typeName) return ofMessage(child);
  return regex(
    INSTANT,
    String(toJson(TimestampSchema, child.message as MessageShape<typeof TimestampSchema>)),
  );
}

function ofScalar(type: ScalarType, value: unknown): unknown {
  if (type === ScalarType.BOOL) return rule(value === true ? 'equality' : 'boolean', value);
  if (LONG.has(type)) return regex(WHOLE, String(value));
  if (typeof value === 'number') return rule('integer', value);
  if (value instanceof Uint8Array) return rule('type', base64Encode(value));
  return rule('type', value);
}

function ofEnum(type: DescEnum, value: unknown): unknown {
  const names = type.values.filter(({ number }) => number !== 0).map(({ name }) => name);
  return regex(new RegExp(`^(${names.join('|')})$`), type.value[Number(value)]?.name ?? '');
}
