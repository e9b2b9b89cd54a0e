/*
 * Answers say zero, false and the empty text, where the contract says that a field is always there
 * (docs/adrs/061-what-is-always-there.md). proto3 leaves the zero of a plain field out, on every wire, and writes that of one that is
 * `optional`. So answers are written by a schema in which those fields are `optional`, from messages of the contract itself, which
 * have a value in every plain field: types and readers know nothing of it.
 */

import {
  clone,
  create,
  createFileRegistry,
  type DescField,
  type DescFile,
  type DescMessage,
  type FileRegistry,
  getOption,
} from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  FeatureSet_FieldPresence,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import type { HandlerContext, MethodImplSpec } from '@connectrpc/connect';
import { FieldBehavior, field_behavior } from '@plataforma/contratos/google/api/field_behavior_pb';

/** A method whose answers are whole: its handler answers by the contract, the listeners write by {@link wholeSchema}. */
export function answeringWhole(spec: MethodImplSpec): MethodImplSpec {
  if (spec.kind !== 'unary') return spec;
  const { method, impl } = spec;
  return {
    ...spec,
    method: { ...method, output: wholeSchema(method.output) },
    async impl(request: Parameters<typeof impl>[0], context: HandlerContext) {
      return create(method.output, await impl(request, context));
    },
  };
}

/** The schema that answers of this type are written by. It is not for making messages: those would have no zeros. */
export function wholeSchema(desc: DescMessage): DescMessage {
  return registryOf(desc.file)?.getMessage(desc.typeName) ?? desc;
}

const registries = new WeakMap<DescFile, FileRegistry>();

/** A file with those that it imports; none for one that says of no field whether it is always there. */
function registryOf(file: DescFile): FileRegistry | undefined {
  if (!file.dependencies.includes(field_behavior.file)) return undefined;
  const known = registries.get(file);
  if (known) return known;
  const imported = new Map(file.dependencies.map((each) => [each.proto.name, each]));
  const registry = createFileRegistry(withZeros(file), (name) => {
    const each = imported.get(name);
    return each && (registryOf(each)?.getFile(name) ?? each);
  });
  registries.set(file, registry);
  return registry;
}

function withZeros({ proto, messages }: DescFile): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, proto);
  keepZeros(messages, proto.messageType, copy.messageType);
  return copy;
}

/** @param protos of the messages and of what is declared beside them, such as the entries of maps; `copies` is parallel to it */
function keepZeros(
  messages: readonly DescMessage[],
  protos: readonly DescriptorProto[],
  copies: readonly DescriptorProto[],
): void {
  for (const { proto, fields, nestedMessages } of messages) {
    const copy = copies[protos.indexOf(proto)];
    if (copy === undefined) continue;
    for (const field of fields.filter(isAlwaysThere)) {
      const kept = copy.field[proto.field.indexOf(field.proto)];
      if (kept) kept.proto3Optional = true;
    }
    keepZeros(nestedMessages, proto.nestedType, copy.nestedType);
  }
}

/** An enum has no zero to say: its value 0 is that nothing is known. */
function isAlwaysThere(field: DescField): boolean {
  if (field.fieldKind !== 'scalar' || field.presence !== FeatureSet_FieldPresence.IMPLICIT) return false;
  const behaviors = getOption(field, field_behavior);
  return behaviors.some(
    (each) => each === FieldBehavior.REQUIRED || each === FieldBehavior.NON_EMPTY_DEFAULT,
  );
}
