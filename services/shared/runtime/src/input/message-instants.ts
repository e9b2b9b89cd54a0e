import type { Message } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { checkDepth, notAnInstant, type Place } from './field-bounds.ts';
import { cutToMilliseconds, isInstant } from './instant.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/**
 * Cuts the instants of a decoded request off at the millisecond, in place.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA` for one outside the years 1 to 9999, or whose nanoseconds are no part of a second
 */
export function settleInstants(shape: RequestShape, message: Message, place: Place = []): void {
  for (const field of shape.byNumber.values()) {
    if (field.message === undefined) continue;
    const { oneof, localName } = field.desc;
    const parent = message as unknown as Readonly<Record<string, unknown>>;
    const member = oneof ? (parent[oneof.localName] as { case?: string; value?: unknown }) : undefined;
    const value = member ? member.case === localName && member.value : parent[localName];
    for (const each of Array.isArray(value) ? value : [value])
      if (each) settle(field, field.message, each, place);
  }
}

function settle(field: FieldShape, shape: RequestShape, value: Message, place: Place): void {
  if (field.isInstant) {
    const timestamp = value as Timestamp;
    if (!isInstant(timestamp)) throw notAnInstant(field, '', place);
    cutToMilliseconds(timestamp);
    return;
  }
  place.push(field.desc);
  checkDepth(field, place);
  settleInstants(shape, value, place);
  place.pop();
}
