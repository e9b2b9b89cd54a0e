import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type FileRegistry,
  getOption,
  ScalarType,
} from '@bufbuild/protobuf';
import { isInstant } from '../contracts.ts';
import { commentOf } from '../openapi/comments.ts';
import type { Json } from '../openapi/openapi-rules.ts';
import { restText } from '../openapi/openapi-schema.ts';

const SEALED = 'Personal: sealed under the key of its person in streams, as `pessoal:v1:...`.';

/**
 * Schemas of messages as streams carry them, which is proto3 JSON: lowerCamelCase members, `int64` as text, full names of enum
 * values; what has its default value is left out.
 */
export class PayloadSchemas {
  readonly #registry: FileRegistry;
  readonly #schemas = new Map<string, Json>();

  constructor(registry: FileRegistry) {
    this.#registry = registry;
  }

  /** Everything that was referred to, sorted by name. */
  schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reference(type: DescMessage | DescEnum): Json {
    if (!this.#schemas.has(type.typeName)) {
      this.#schemas.set(type.typeName, {});
      this.#schemas.set(type.typeName, type.kind === 'enum' ? enumSchema(type) : this.#messageSchema(type));
    }
    return { $ref: `#/components/schemas/${type.typeName}` };
  }

  #messageSchema(message: DescMessage): Json {
    const properties = message.fields.map((field) => [field.jsonName, this.#fieldSchema(field)] as const);
    return {
      type: 'object',
      description: restText(commentOf(message)),
      properties: Object.fromEntries(properties),
    };
  }

  #fieldSchema(field: DescField): Json {
    const comment = restText(commentOf(field));
    const description = isPersonal(this.#registry, field) ? `${comment} ${SEALED}`.trim() : comment;
    const element = this.#elementType(field);
    if (field.fieldKind === 'list') return { type: 'array', description, items: element };
    if (field.fieldKind === 'map') return { type: 'object', description, additionalProperties: element };
    return '$ref' in element ? { description, allOf: [element] } : { ...element, description };
  }

  #elementType(field: DescField): Json {
    if (isInstant(field)) return { type: 'string', format: 'date-time' };
    if (field.message) return this.reference(field.message);
    if (field.enum) return this.reference(field.enum);
    return scalarSchema(field.scalar as ScalarType);
  }
}

/** Whether the contract marks a field as personal: what is written there leaves sealed. */
export function isPersonal(registry: FileRegistry, field: DescField): boolean {
  const option = registry.getExtension('comum.v1.pessoal');
  return option !== undefined && getOption(field, option) === true;
}

function enumSchema(type: DescEnum): Json {
  const meanings = type.values.map((value) => `- \`${value.name}\`: ${restText(commentOf(value))}`);
  return {
    type: 'string',
    description: [restText(commentOf(type)), '', ...meanings].join('\n'),
    enum: type.values.map(({ name }) => name),
  };
}

function scalarSchema(type: ScalarType): Json {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return { type: 'number' };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { type: 'string', pattern: '^-?[0-9]+$' };
    default:
      return { type: 'integer' };
  }
}
