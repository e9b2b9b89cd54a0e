import type { Message } from '@bufbuild/protobuf';
import { checkDepth, type Place } from './field-bounds.ts';
import type { FieldShape } from './request-shape.ts';

/** The messages that a decoded message holds in a field: none, one, or those of a list. */
export function messagesIn(field: FieldShape, message: Message): Message[] {
  const { oneof, localName } = field.desc;
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  // Members of a oneof are kept under its name.
  const member = oneof && (fields[oneof.localName] as { case?: string; value?: unknown });
  const value = member ? member.case === localName && member.value : fields[localName];
  return value ? [value as Message | Message[]].flat() : [];
}

/**
 * Visits each of {@link messagesIn}, while `place` leads to it.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA` when messages are nested too deep
 */
export function visitInside(
  field: FieldShape,
  message: Message,
  place: Place,
  visit: (inside: Message) => void,
): void {
  const depth = place.length;
  for (const [index, inside] of messagesIn(field, message).entries()) {
    place.push(field.desc);
    if (field.isList) place.push({ kind: 'list_sub', index });
    checkDepth(field, place);
    visit(inside);
    place.length = depth;
  }
}
