import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isInstant, isMask, shortValueName } from '../contracts.ts';
import { isAlwaysThere, isInputOnly, isRequired } from '../field-behavior.ts';
import { SENT_SUFFIX, type Uses } from '../kong/kong-uses.ts';
import { commentOf } from './comments.ts';
import { type Json, rulesOf } from './openapi-rules.ts';

/** In which direction a schema is used: what has to be sent is not what is always answered. */
type Use = 'sent' | 'answered';

/**
 * Collects the schemas that operations refer to, as REST renders messages: lowerCamelCase members, enum values without
 * prefix, int64 as a number, instants as RFC 3339 text.
 */
export class SchemaCollector {
  readonly #types = new Map<string, DescMessage | DescEnum>();
  readonly #schemas = new Map<string, Json>();
  readonly #uses: Uses;

  /** @param uses of all messages that are referred to, so that each has the same name in every document */
  constructor(uses: Uses) {
    this.#uses = uses;
  }

  /** Everything collected so far, sorted by name. */
  schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * A reference to the schema of a message or enum.
   *
   * @throws Error when two types of different packages have the same name: the document would mix them up
   */
  reference(type: DescMessage | DescEnum, use: Use, without: readonly string[] = []): Json {
    const suffix = use === 'sent' && type.kind === 'message' && differs(type, this.#uses) ? SENT_SUFFIX : '';
    const name = `${schemaName(type)}${suffix}`;
    const known = this.#types.get(name);
    if (known !== undefined && known !== type)
      throw new Error(`two types would share the schema ${name}: ${known.typeName} and ${type.typeName}`);
    if (known === undefined) {
      this.#types.set(name, type);
      this.#schemas.set(name, {});
      const schema = type.kind === 'enum' ? enumSchema(type) : this.#messageSchema(type, use, without);
      this.#schemas.set(name, schema);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Schema of one field, with its comment and rules. */
  field(field: DescField, use: Use): Json {
    const rules = rulesOf(field);
    const writeOnly = isInputOnly(field) ? { writeOnly: true } : {};
    const schema: Json = { ...this.#fieldType(field, use), ...rules.schema, ...writeOnly };
    if (rules.items !== undefined && isObject(schema.items))
      schema.items = { ...schema.items, ...rules.items };
    const description = restText(commentOf(field));
    return description === '' ? schema : { ...schema, description };
  }

  #messageSchema(message: DescMessage, use: Use, without: readonly string[]): Json {
    const fields = message.fields.filter((field) => !without.includes(field.name));
    const required = fields
      .filter(use === 'sent' ? isRequired : isAlwaysThere)
      .map((field) => field.jsonName);
    return {
      type: 'object',
      description: restText(commentOf(message)),
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field, use)])),
    };
  }

  #fieldType(field: DescField, use: Use): Json {
    const element = this.#elementType(field, use);
    if (field.fieldKind === 'map') return { type: 'object', additionalProperties: element };
    return field.fieldKind === 'list' ? { type: 'array', items: element } : element;
  }

  #elementType(field: DescField, use: Use): Json {
    if (isInstant(field)) return { type: 'string', format: 'date-time' };
    if (isMask(field)) return { type: 'string' };
    if (field.message !== undefined) return this.reference(field.message, use);
    if (field.enum !== undefined) return this.reference(field.enum, use);
    return scalarSchema(field.scalar as ScalarType);
  }
}

/** Whether a message that is sent and answered has members, here or further inside, that only every answer has. */
function differs(message: DescMessage, uses: Uses): boolean {
  if (!uses.sent.has(message) || !uses.answered.has(message)) return false;
  return message.fields.some(
    (field) =>
      isRequired(field) !== isAlwaysThere(field) ||
      (field.message !== undefined && differs(field.message, uses)),
  );
}

function schemaName(type: DescMessage | DescEnum): string {
  return type.typeName.slice(type.file.proto.package.length + 1);
}

function enumSchema(type: DescEnum): Json {
  const values = type.values.filter((value) => value.number !== 0);
  const meanings = values.map((value) => `- \`${shortValueName(value)}\`: ${restText(commentOf(value))}`);
  return {
    type: 'string',
    description: [restText(commentOf(type)), '', ...meanings].join('\n'),
    enum: values.map(shortValueName),
  };
}

function scalarSchema(type: ScalarType): Json {
  switch (type) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return { type: 'number' };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { type: 'integer', format: 'int64' };
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { type: 'integer', format: 'int64', minimum: 0 };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case ScalarType.BYTES:
      throw new Error('bytes have no REST form');
    default:
      return { type: 'integer', format: 'int32' };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** A comment of the contract in the words of REST: one line per paragraph, names in backquotes in lowerCamelCase. */
export function restText(comment: string): string {
  const paragraphs = comment.replaceAll(/([^\n])\n(?![\n-])/g, '$1 ');
  return paragraphs.replaceAll(
    /`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`/g,
    (_, name: string) => `\`${camel(name)}\``,
  );
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
