import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescOneof,
  getExtension,
  hasExtension,
  ScalarType,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { FieldDescriptorProto_Label } from '@bufbuild/protobuf/wkt';
import { predefined } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

const HEADER = [
  '// Printed from the descriptor inside the npm package @bufbuild/protovalidate (Apache License 2.0, Copyright Buf',
  '// Technologies, Inc.), so that the rules which buf reads here and those enforced at run time are the same version.',
  '// The documented original: https://github.com/bufbuild/protovalidate. Written by `npm run gen`; do not edit.',
  '',
];

/**
 * Prints a proto2 descriptor back as source text. It covers what `buf/validate/validate.proto` uses: messages,
 * enums, oneofs, extensions, extension ranges, and the `predefined` rules in field options.
 */
export function printDescriptor(file: DescFile): string {
  const lines = [...HEADER, 'syntax = "proto2";', '', `package ${file.proto.package};`, ''];
  for (const dependency of file.proto.dependency) lines.push(`import ${quote(dependency)};`);
  lines.push('');
  for (const extendee of new Set(file.extensions.map((e) => e.extendee)))
    lines.push(...printExtend(extendee, file.extensions), '');
  for (const message of file.messages) lines.push(...printMessage(message), '');
  for (const enumeration of file.enums) lines.push(...printEnum(enumeration), '');
  return `${lines.join('\n').trimEnd()}\n`;
}

function printExtend(extendee: DescMessage, extensions: DescExtension[]): string[] {
  const own = extensions.filter((e) => e.extendee === extendee);
  return [`extend ${extendee.typeName} {`, ...indent(own.flatMap(printField)), '}'];
}

function printMessage(message: DescMessage): string[] {
  const body: string[] = [];
  for (const member of message.members) {
    if (member.kind === 'oneof') body.push(...printOneof(member));
    else body.push(...printField(member));
  }
  for (const nested of message.nestedMessages) body.push(...printMessage(nested));
  for (const nested of message.nestedEnums) body.push(...printEnum(nested));
  for (const { start, end } of message.proto.extensionRange) body.push(`extensions ${range(start, end)};`);
  for (const { start, end } of message.proto.reservedRange) body.push(`reserved ${range(start, end)};`);
  for (const name of message.proto.reservedName) body.push(`reserved ${quote(name)};`);
  return [`message ${message.name} {`, ...indent(body), '}'];
}

function printOneof(oneof: DescOneof): string[] {
  return [`oneof ${oneof.name} {`, ...indent(oneof.fields.flatMap(printField)), '}'];
}

function printField(field: DescField | DescExtension): string[] {
  const options = fieldOptions(field);
  const suffix = options.length > 0 ? ` [${options.join(', ')}]` : '';
  return [`${label(field)}${typeOf(field)} ${field.name} = ${field.number}${suffix};`];
}

function label(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map' || field.oneof !== undefined) return '';
  switch (field.proto.label) {
    case FieldDescriptorProto_Label.REPEATED:
      return 'repeated ';
    case FieldDescriptorProto_Label.REQUIRED:
      return 'required ';
    default:
      return 'optional ';
  }
}

function typeOf(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map') return `map<${scalarName(field.mapKey)}, ${elementType(field)}>`;
  return elementType(field);
}

function elementType(field: DescField | DescExtension): string {
  if (field.enum !== undefined) return field.enum.typeName;
  if (field.message !== undefined) return field.message.typeName;
  return scalarName(field.scalar as ScalarType);
}

function scalarName(type: ScalarType): string {
  return ScalarType[type].toLowerCase();
}

function fieldOptions(field: DescField | DescExtension): string[] {
  const options: string[] = [];
  if (field.proto.defaultValue !== '') options.push(`default = ${field.proto.defaultValue}`);
  if (field.proto.options?.deprecated === true) options.push('deprecated = true');
  if (field.proto.options !== undefined && hasExtension(field.proto.options, predefined)) {
    const value = getExtension(field.proto.options, predefined);
    options.push(`(buf.validate.predefined) = ${messageLiteral(predefined.message, value)}`);
  }
  return options;
}

/** Text format of a message, as an aggregate option value. */
function messageLiteral(schema: DescMessage | undefined, value: object): string {
  if (schema === undefined) throw new Error('the option is not a message');
  const message = reflect(schema, value as Parameters<typeof reflect>[1]);
  const parts: string[] = [];
  for (const field of schema.fields) {
    if (!message.isSet(field)) continue;
    const raw: unknown = Reflect.get(value, field.localName);
    for (const item of Array.isArray(raw) ? raw : [raw]) parts.push(`${field.name}: ${literal(field, item)}`);
  }
  return `{ ${parts.join(' ')} }`;
}

function literal(field: DescField, value: unknown): string {
  if (field.message !== undefined) return messageLiteral(field.message, value as object);
  return typeof value === 'string' ? quote(value) : String(value);
}

function printEnum(enumeration: DescEnum): string[] {
  const options = enumeration.proto.options?.allowAlias === true ? ['option allow_alias = true;'] : [];
  const values = enumeration.values.map((value) => `${value.name} = ${value.number};`);
  const reserved = [
    // Unlike those of messages, the ranges of enums include their end.
    ...enumeration.proto.reservedRange.map(({ start, end }) => `reserved ${range(start, end + 1)};`),
    ...enumeration.proto.reservedName.map((name) => `reserved ${quote(name)};`),
  ];
  return [`enum ${enumeration.name} {`, ...indent([...options, ...values, ...reserved]), '}'];
}

function range(start: number, end: number): string {
  const last = end - 1;
  if (last === start) return String(start);
  return `${start} to ${last >= 536_870_911 ? 'max' : last}`;
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
