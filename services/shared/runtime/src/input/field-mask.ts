import { create, type DescField, getOption, hasOption, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** What an update names as what it changes (docs/adrs/062-updates-name-what-they-change.md). */
export const FIELD_MASK = FieldMaskSchema.typeName;

/** Longer than all the fields of any update; the well-known type bounds nothing itself. */
export const MASK_MAX_CHARS = 500;
export const MASK_MAX_PATHS = 32;
export const MASK_PATH_MAX_CHARS = 64;

/** To follow the name of the field. */
export const MASK_FORM = 'deve nomear o que muda, com vírgulas entre os campos: nome,endereco';

const NAME = '[a-z][a-zA-Z0-9]*';
const FORM = new RegExp(`^${NAME}(?:[.,]${NAME})*$`);

/** The names of a mask as the contract spells them, from its text in JSON. Undefined for a text that is none. */
export function parseMask(text: string): string[] | undefined {
  if (text.length > MASK_MAX_CHARS || !FORM.test(text)) return undefined;
  return text.split(',').map((path) => path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** The fields that the rule of a mask (`field_mask.in`) lets it name. */
export function namedBy(mask: DescField): DescField[] {
  const rules = hasOption(mask, ruled) ? getOption(mask, ruled).type : undefined;
  const names = rules?.case === 'fieldMask' ? rules.value.in : [];
  return mask.parent.fields.filter(({ name }) => names.includes(name));
}

/** A mask as the value of its field on the wire, with its length. */
export function maskToWire(paths: string[]): Uint8Array {
  return new BinaryWriter().bytes(toBinary(FieldMaskSchema, create(FieldMaskSchema, { paths }))).finish();
}
