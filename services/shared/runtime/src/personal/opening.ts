import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { contextOf, personalFieldsOf } from './personal-fields.ts';
import type { PersonalKeys } from './personal-keys.ts';
import { ERASED, isSealed, openText } from './sealed-text.ts';

/**
 * Opens the sealed texts of an event in place. Texts that came in clear, from a release before, stay as they are; empty is
 * what nobody can open any more, and everything sealed when no keys are given.
 *
 * @returns false when it should have been opened and the person was erased
 * @throws PersonalKeysUnavailableError, PersonalKeyUnreadableError, NotOpenedError
 */
export async function openPersonal(
  schema: DescMessage,
  message: MessageShape<DescMessage>,
  keys: PersonalKeys | undefined,
): Promise<boolean> {
  const fields = personalFieldsOf(schema);
  if (fields === undefined) return true;
  // Plain texts, as `personalFieldsOf` sees to: properties of the message.
  const event = message as unknown as Record<string, string>;
  const textOf = ({ localName }: { localName: string }) => event[localName] ?? '';
  const sealed = fields.texts.filter((field) => isSealed(textOf(field)));
  const opens = sealed.some((field) => textOf(field) !== ERASED);
  const personId = textOf(fields.person);
  const key = opens ? await keys?.keyOf(personId) : undefined;
  for (const field of sealed) {
    const text = textOf(field);
    const isLost = key === undefined || text === ERASED;
    event[field.localName] = isLost ? '' : openText(key, text, contextOf(field, personId));
  }
  return sealed.length === 0 || keys === undefined || key !== undefined;
}
