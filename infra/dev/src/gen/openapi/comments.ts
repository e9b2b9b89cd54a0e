import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescMessage,
  DescMethod,
  DescService,
} from '@bufbuild/protobuf';

type Commented = DescMessage | DescField | DescEnum | DescEnumValue | DescService | DescMethod;

// Field numbers of google/protobuf/descriptor.proto, from which source locations build their paths.
const FILE_MESSAGE = 4;
const FILE_ENUM = 5;
const FILE_SERVICE = 6;
const MESSAGE_FIELD = 2;
const MESSAGE_NESTED = 3;
const MESSAGE_ENUM = 4;
const SERVICE_METHOD = 2;
const ENUM_VALUE = 2;

/** The comment above an element, without the space after `//`; the empty string when there is none. */
export function commentOf(desc: Commented): string {
  const { file, path } = locate(desc);
  const wanted = path.join('.');
  const location = file.proto.sourceCodeInfo?.location.find((l) => l.path.join('.') === wanted);
  return (location?.leadingComments ?? '')
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .join('\n')
    .trim();
}

function locate(desc: Commented): { file: DescMessage['file']; path: number[] } {
  switch (desc.kind) {
    case 'message':
      return nested(desc, FILE_MESSAGE, MESSAGE_NESTED, (parent) =>
        parent.proto.nestedType.indexOf(desc.proto),
      );
    case 'enum':
      return nested(desc, FILE_ENUM, MESSAGE_ENUM, (parent) => parent.proto.enumType.indexOf(desc.proto));
    case 'field':
      return member(desc.parent, MESSAGE_FIELD, desc.parent.proto.field.indexOf(desc.proto));
    case 'enum_value':
      return member(desc.parent, ENUM_VALUE, desc.parent.proto.value.indexOf(desc.proto));
    case 'rpc':
      return member(desc.parent, SERVICE_METHOD, desc.parent.proto.method.indexOf(desc.proto));
    case 'service':
      return { file: desc.file, path: [FILE_SERVICE, desc.file.proto.service.indexOf(desc.proto)] };
  }
}

function nested(
  desc: DescMessage | DescEnum,
  inFile: number,
  inMessage: number,
  indexIn: (parent: DescMessage) => number,
): { file: DescMessage['file']; path: number[] } {
  if (desc.parent !== undefined) return member(desc.parent, inMessage, indexIn(desc.parent));
  const siblings: readonly unknown[] =
    desc.kind === 'message' ? desc.file.proto.messageType : desc.file.proto.enumType;
  return { file: desc.file, path: [inFile, siblings.indexOf(desc.proto)] };
}

function member(
  parent: DescMessage | DescEnum | DescService,
  kind: number,
  index: number,
): { file: DescMessage['file']; path: number[] } {
  const { file, path } = locate(parent);
  return { file, path: [...path, kind, index] };
}
