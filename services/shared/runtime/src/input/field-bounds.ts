import type { Path } from '@bufbuild/protobuf/reflect';
import { Violation } from '@bufbuild/protovalidate';
import { MASK_FORM, parseMask } from './field-mask.ts';
import { INSTANT_FORM, INSTANT_MAX_CHARS, type Instant, parseInstant } from './instant.ts';
import { invalidRequest } from './invalid-request.ts';
import type { FieldShape } from './request-shape.ts';

/** No message of a contract is nested deeper; one that contains itself would let a request decide. */
const MAX_DEPTH = 16;

/** The message of a request in which a walker stands. It grows and shrinks with the walk, so a field costs nothing. */
export type Place = Path;

/** @throws ConnectError `REQUISICAO_INVALIDA` when a list has more items than its contract allows */
export function checkItems(field: FieldShape, items: number, place: Place): void {
  if (items > field.maxItems)
    throw broken(field, place, 'repeated.max_items', `no more than ${field.maxItems}`);
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when a text is too long, however its characters are counted */
export function checkLength(field: FieldShape, units: number, unitsPerCharacter: number, place: Place): void {
  if (units > field.maxLength * unitsPerCharacter)
    throw broken(field, place, 'string.max_len', `at most ${field.maxLength}`);
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when an enum has no value of the name */
export function checkEnumName(field: FieldShape, name: string, place: Place): void {
  if (!field.desc.enum?.values.some((value) => value.name === name))
    throw broken(field, place, 'enum.defined_only', 'unknown name');
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when an enum has no value of the word that was sent */
export function checkEnumWord(field: FieldShape, number: number | undefined, place: Place): number {
  if (number === undefined) throw broken(field, place, 'enum.defined_only', 'unknown word');
  return number;
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when messages are nested too deep */
export function checkDepth(field: FieldShape, place: Place): void {
  if (place.length > MAX_DEPTH) throw broken(field, place, 'profundidade', 'tem níveis demais');
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when a field that is no list comes more than once */
export function checkSingle(field: FieldShape, times: number, place: Place): void {
  if (times > 1) throw broken(field, place, 'campo_repetido', 'aparece mais de uma vez');
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when the text is not an instant that exists */
export function readInstant(field: FieldShape, text: string, place: Place): Instant {
  const instant = text.length > INSTANT_MAX_CHARS ? undefined : parseInstant(text);
  if (instant === undefined) throw notAnInstant(field, text, place);
  return instant;
}

/** @param text what was sent instead, as far as it is known */
export function notAnInstant(field: FieldShape, text: string, place: Place): Error {
  // A query that writes the sign of an offset as it is arrives with a space in its place.
  const hint = /\d \d\d:\d\d$/.test(text) ? ' (na URL, escreva %2B no lugar de +)' : '';
  return broken(field, place, 'instante', `${INSTANT_FORM}${hint}`);
}

/** @throws ConnectError `REQUISICAO_INVALIDA` when the text names no fields, as JSON does */
export function readMask(field: FieldShape, text: string, place: Place): string[] {
  const paths = parseMask(text);
  if (paths === undefined) throw broken(field, place, 'campos', MASK_FORM);
  return paths;
}

/**
 * A value of another type than that of its field.
 *
 * @param expected in Portuguese, to follow the name of the field
 * @param index in a list
 */
export function mistyped(field: FieldShape, expected: string, place: Place, index?: number): Error {
  return broken(field, place, 'tipo', expected, index);
}

/** @param problem in Portuguese, to follow the name of the field */
export function unwelcomeText(field: FieldShape, problem: string, place: Place): Error {
  return broken(field, place, 'texto', problem);
}

function broken({ desc }: FieldShape, place: Place, ruleId: string, message: string, index?: number): Error {
  const path: Path = [...place, desc];
  if (index !== undefined) path.push({ kind: 'list_sub', index });
  return invalidRequest([new Violation(message, ruleId, path, [], false)]);
}
