import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf';
import { type FieldRules, field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import fc from 'fast-check';

/** What a field may well be, such as the ids that really exist; an empty list when nothing is known of it. */
export type Known = (field: DescField) => readonly unknown[];

/** Whether lists and texts are short, or as long as their rules allow. */
export type Size = 'short' | 'full';

interface How {
  readonly known: Known;
  readonly size: Size;
  readonly depth: number;
}

/** The contracts of the platform nest no deeper. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 3;
/** How much more often a field is what it may well be than something that only its type allows. */
const SENSIBLE = 30;

/**
 * Messages of a type, read from its descriptor. Most fields follow their `buf.validate` rules, so that calls get past
 * the validation and reach the handlers; some break them.
 */
export function messages(
  desc: DescMessage,
  known: Known,
  size: Size = 'short',
  depth = 0,
): fc.Arbitrary<Message> {
  const how = { known, size, depth };
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of desc.fields) if (!field.oneof) fields[field.localName] = maybe(field, how);
  for (const oneof of desc.oneofs) {
    const cases = oneof.fields.map((field) =>
      item(field, how).map((value) => ({ case: field.localName, value })),
    );
    fields[oneof.localName] = fc.oneof(fc.constant({ case: undefined }), ...cases);
  }
  return fc.record(fields).map((init) => create(desc, init as never));
}

/** Absent now and then. */
function maybe(field: DescField, how: How): fc.Arbitrary<unknown> {
  if (field.fieldKind === 'map' || how.depth >= MAX_DEPTH) return fc.constant(undefined);
  const one = item(field, how);
  const value = field.fieldKind === 'list' ? fc.array(one, items(field, how)) : one;
  return fc.option(value, { nil: undefined, freq: SENSIBLE });
}

function items(field: DescField, { size }: How): fc.ArrayConstraints {
  const { case: kind, value } = rulesOf(field)?.type ?? { case: undefined };
  const most = kind === 'repeated' ? Number(value.maxItems) : 0;
  // Otherwise fast-check makes short lists far more often than full ones.
  return size === 'full' && most > 0
    ? { minLength: most, maxLength: most, size: 'max' }
    : { maxLength: MAX_ITEMS };
}

function item(field: DescField, how: How): fc.Arbitrary<unknown> {
  const candidates = how.known(field);
  const any = byType(field, how);
  if (candidates.length === 0) return any;
  return fc.oneof(
    { arbitrary: fc.constantFrom(...candidates), weight: SENSIBLE },
    { arbitrary: any, weight: 1 },
  );
}

function byType(field: DescField, { known, size, depth }: How): fc.Arbitrary<unknown> {
  const rules = rulesOf(field);
  if (rules?.type.case === 'fieldMask') return mask(rules.type.value.in);
  if (field.message) return messages(field.message, known, size, depth + 1);
  if (field.enum) return enumValue(field.enum);
  // The rules of a list are those of the list; its items have theirs inside.
  const own = rules?.type.case === 'repeated' ? rules.type.value.items : rules;
  return scalar(field.scalar ?? ScalarType.STRING, own, size);
}

/** Half of the updates name what they change. */
function mask(names: readonly string[]): fc.Arbitrary<unknown> {
  const some = fc.subarray([...names, 'nada'], { minLength: 1 }).map((paths) => ({ paths }));
  return fc.option(some, { nil: undefined, freq: 1 });
}

function enumValue({ values }: DescEnum): fc.Arbitrary<number> {
  const numbers = values.map(({ number }) => number);
  const named = fc.constantFrom(...(numbers.length > 1 ? numbers.filter((number) => number !== 0) : numbers));
  return fc.oneof(
    { arbitrary: named, weight: SENSIBLE },
    { arbitrary: fc.constantFrom(0, 12_345), weight: 1 },
  );
}

function scalar(type: ScalarType, rules: FieldRules | undefined, size: Size): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return text(rules, size);
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 64 });
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return fc.float();
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return wholeNumber(rules, 2n ** 63n);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    default:
      return wholeNumber(rules, 2n ** 31n).map(Number);
  }
}

/** Mostly within the bounds of the rules and on them; now and then anything that the type holds. */
function wholeNumber(rules: FieldRules | undefined, limit: bigint): fc.Arbitrary<bigint> {
  const any = fc.bigInt({ min: -limit, max: limit - 1n });
  const bounds = rules?.type.value as Bounds | undefined;
  const min = BigInt(bounds?.greaterThan?.value ?? 0);
  const max = BigInt(bounds?.lessThan?.value ?? min + 1_000n);
  const fitting = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max));
  return fc.oneof({ arbitrary: fitting, weight: SENSIBLE }, { arbitrary: any, weight: 1 });
}

/** What all rules for numbers have in common. */
interface Bounds {
  readonly greaterThan?: { readonly value?: bigint | number };
  readonly lessThan?: { readonly value?: bigint | number };
}

/** Texts that tend to break something: what SQL, JSON, file systems and terminals treat in their own way. */
const HOSTILE = [
  "'; drop table reservas; --",
  '\u0000',
  '../../etc/passwd',
  '{"a":[1]}',
  '%s%n%x',
  '\u202Eabc',
  'İ ß ﬁ 👩‍👩‍👧',
  'x'.repeat(5_000),
  '9'.repeat(40),
  'NaN',
];

function text(rules: FieldRules | undefined, size: Size): fc.Arbitrary<string> {
  const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' }));
  if (rules?.type.case !== 'string') return hostile;
  const { pattern, minLen, maxLen, wellKnown } = rules.type.value;
  const minLength = size === 'full' && maxLen > 0n ? Number(maxLen) : Number(minLen);
  const maxLength = maxLen === 0n ? minLength + 20 : Math.min(Number(maxLen), minLength + 200);
  let fitting: fc.Arbitrary<string> = fc.string({ unit: 'grapheme-ascii', minLength, maxLength });
  if (pattern !== '') fitting = fc.stringMatching(new RegExp(pattern));
  if (wellKnown.case === 'email') fitting = fc.emailAddress();
  if (wellKnown.case === 'uri') fitting = fc.webUrl();
  return fc.oneof({ arbitrary: fitting, weight: SENSIBLE }, { arbitrary: hostile, weight: 1 });
}

function rulesOf(field: DescField): FieldRules | undefined {
  return hasOption(field, ruled) ? getOption(field, ruled) : undefined;
}
