import { type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { checkEnumName, checkLength, mistyped, type Place } from './field-bounds.ts';
import type { FieldShape } from './request-shape.ts';
import { numbersOf, wholeNumber, wholeNumberForm } from './whole-numbers.ts';

/** JavaScript counts a character outside the first plane as two. */
const UNITS_PER_CHARACTER = 2;

/**
 * Whether a value in JSON is of the type of its field, and a text no longer than it may be. The decoder checks types, too, but
 * says it in its own words, and passes over the name of an enum value that it does not know: something else would be
 * done than was asked for.
 *
 * @param index in a list
 * @throws ConnectError `REQUISICAO_INVALIDA`
 */
export function checkJsonValue(field: FieldShape, value: JsonValue, place: Place, index?: number): void {
  const expected = expectedInstead(field, value);
  if (expected !== undefined) throw mistyped(field, expected, place, index);
  if (field.desc.enum) checkEnum(field, value, place);
  else if (typeof value === 'string') checkLength(field, value.length, UNITS_PER_CHARACTER, place);
}

/** A number that the contract does not have is refused by its rules. */
function checkEnum(field: FieldShape, value: JsonValue, place: Place): void {
  if (!Number.isInteger(value)) checkEnumName(field, typeof value === 'string' ? value : '', place);
}

function expectedInstead({ desc }: FieldShape, value: JsonValue): string | undefined {
  const numbers = numbersOf(desc);
  if (numbers) return wholeNumber(value, numbers) === undefined ? wholeNumberForm(numbers) : undefined;
  switch (desc.scalar) {
    case ScalarType.BOOL:
      return typeof value === 'boolean' ? undefined : 'deve ser true ou false';
    case ScalarType.STRING:
      return typeof value === 'string' ? undefined : 'deve ser um texto';
    default:
      // Bytes and fractions: no contract has them, and the decoder refuses what they are not.
      return undefined;
  }
}
