import { type DescField, ScalarType } from '@bufbuild/protobuf';

/** Smallest and largest number of a field. */
export interface NumberRange {
  readonly min: bigint;
  readonly max: bigint;
}

const INT32: NumberRange = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const UINT32: NumberRange = { min: 0n, max: 2n ** 32n - 1n };
const INT64: NumberRange = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UINT64: NumberRange = { min: 0n, max: 2n ** 64n - 1n };

const RANGES = new Map<ScalarType | undefined, NumberRange>([
  [ScalarType.INT32, INT32],
  [ScalarType.SINT32, INT32],
  [ScalarType.SFIXED32, INT32],
  [ScalarType.UINT32, UINT32],
  [ScalarType.FIXED32, UINT32],
  [ScalarType.INT64, INT64],
  [ScalarType.SINT64, INT64],
  [ScalarType.SFIXED64, INT64],
  [ScalarType.UINT64, UINT64],
  [ScalarType.FIXED64, UINT64],
]);

/** The whole numbers that a field takes; undefined for a field of another type. */
export function numbersOf({ scalar }: DescField): NumberRange | undefined {
  return RANGES.get(scalar);
}

/** Longest text of a 64-bit number. */
const MAX_CHARS = 20;

/**
 * Reads a whole number: from a number that is one and that no rounding can have changed, or from its decimal digits.
 * Undefined for everything else, `1.5`, `"1e3"`, `"0x10"` and `""` among it, and for what is out of range.
 */
export function wholeNumber(value: unknown, { min, max }: NumberRange): bigint | undefined {
  const number = typeof value === 'string' ? fromDigits(value) : fromNumber(value);
  return number !== undefined && number >= min && number <= max ? number : undefined;
}

function fromDigits(text: string): bigint | undefined {
  return text.length <= MAX_CHARS && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function fromNumber(value: unknown): bigint | undefined {
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}

/** What a caller who sent something else is told, after the name of the field. */
export function wholeNumberForm({ min, max }: NumberRange): string {
  return `deve ser um número inteiro de ${min} a ${max}`;
}
