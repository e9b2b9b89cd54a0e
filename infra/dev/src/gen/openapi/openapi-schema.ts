import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isInstant, shortValueName } from '../contracts.ts';
import { commentOf } from './comments.ts';
import { type Json, rulesOf } from './openapi-rules.ts';

/**
 * Collects the schemas that operations refer to, as REST renders messages: lowerCamelCase members, enum values without
 * prefix, int64 as a number, instants as RFC 3339 text.
 */
export class SchemaCollector {
  readonly #types = new Map<string, DescMessage | DescEnum>();
  readonly #schemas = new Map<string, Json>();

  /** Everything collected so far, sorted by name. */
  schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * A reference to the schema of a message or enum.
   *
   * @throws Error when two types of different packages have the same name: the document would mix them up
   */
  reference(type: DescMessage | DescEnum, without: readonly string[] = []): Json {
    const name = schemaName(type);
    const known = this.#types.get(name);
    if (known !== undefined && known !== type)
      throw new Error(`two types would share the schema ${name}: ${known.typeName} and ${type.typeName}`);
    if (known === undefined) {
      this.#types.set(name, type);
      this.#schemas.set(name, {});
      this.#schemas.set(name, type.kind === 'enum' ? enumSchema(type) : this.#messageSchema(type, without));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Schema of one field, with its comment and rules. */
  field(field: DescField): Json {
    const rules = rulesOf(field);
    const schema = { ...this.#fieldType(field), ...rules.schema };
    if (rules.items !== undefined && isObject(schema.items))
      schema.items = { ...schema.items, ...rules.items };
    const description = restText(commentOf(field));
    return description === '' ? schema : { ...schema, description };
  }

  #messageSchema(message: DescMessage, without: readonly string[]): Json {
    const fields = message.fields.filter((field) => !without.includes(field.name));
    const required = fields.filter((field) => rulesOf(field).required).map((field) => field.jsonName);
    return {
      type: 'object',
      description: restText(commentOf(message)),
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field)])),
    };
  }

  #fieldType(field: DescField): Json {
    if (field.fieldKind === 'map') return { type: 'object', additionalProperties: this.#elementType(field) };
    if (field.fieldKind === 'list') return { type: 'array', items: this.#elementType(field) };
    return this.#elementType(field);
  }

  #elementType(field: DescField): Json {
    if (isInstant(field)) return { type: 'string', format: 'date-time' };
    if (field.message !== undefined) return this.reference(field.message);
    if (field.enum !== undefined) return this.reference(field.enum);
    return scalarSchema(field.scalar as ScalarType);
  }
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
