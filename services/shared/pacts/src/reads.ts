import type { DescField, DescMessage, MessageShape } from '@bufbuild/protobuf';
import { isFieldSet, ScalarType } from '@bufbuild/protobuf';

/** Fields of a message and of the messages in it, as paths: `valor.centavos`. */
export type Paths = Set<string>;

/** The message, which notes in `read` what of it is looked at. */
export function noting<S extends DescMessage>(
  schema: S,
  message: MessageShape<S>,
  read: Paths,
  prefix = '',
): MessageShape<S> {
  const fields = new Map<string | symbol, DescField>(schema.fields.map((field) => [field.localName, field]));
  return new Proxy(message, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      const field = fields.get(name);
      if (field === undefined) return value;
      const path = `${prefix}${field.localName}`;
      read.add(path);
      return child(field, value, (one) => noting(one.schema, one.message, read, `${path}.`));
    },
  });
}

type Child = { readonly schema: DescMessage; readonly message: MessageShape<DescMessage> };

/** Instants are looked at as a whole. */
function child(field: DescField, value: unknown, wrap: (child: Child) => unknown): unknown {
  const schema = messageOf(field);
  if (schema === undefined || value === undefined || schema.typeName.startsWith('google.protobuf.'))
    return value;
  const one = (message: unknown) => wrap({ schema, message: message as MessageShape<DescMessage> });
  return Array.isArray(value) ? value.map(one) : one(value);
}

const messageOf = (field: DescField): DescMessage | undefined =>
  field.fieldKind === 'message' || (field.fieldKind === 'list' && field.listKind === 'message')
    ? field.message
    : undefined;

/** The fields that an example has, and those whose absence says as much as they do: flags that are not set. */
export function fieldsOf<S extends DescMessage>(schema: S, example: MessageShape<S>, prefix = '') {
  const fields = { present: new Set<string>() as Paths, flags: new Set<string>() as Paths };
  for (const field of schema.fields) {
    const path = `${prefix}${field.localName}`;
    if (field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL) fields.flags.add(path);
    if (!isFieldSet(example, field)) continue;
    fields.present.add(path);
    const value = (example as unknown as Record<string, unknown>)[field.localName];
    child(field, value, ({ schema, message }) => {
      const inner = fieldsOf(schema, message, `${path}.`);
      for (const one of inner.present) fields.present.add(one);
      for (const one of inner.flags) fields.flags.add(one);
    });
  }
  return fields;
}
