import type { Message } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { notAnInstant, type Place } from './field-bounds.ts';
import { cutToMilliseconds, isInstant } from './instant.ts';
import { messagesIn, visitInside } from './message-walk.ts';
import type { FieldShape, RequestShape } from './request-shape.ts';

/**
 * Cuts the instants of a decoded request off at the millisecond, in place.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA` for one outside the years 1 to 9999, or whose nanoseconds are no part of a second
 */
export function settleInstants(shape: RequestShape, message: Message, place: Place = []): void {
  for (const field of shape.byNumber.values()) {
    const { isInstant, message: inside } = field;
    if (isInstant)
      for (const instant of messagesIn(field, message)) settle(field, instant as Timestamp, place);
    else if (inside) visitInside(field, message, place, (each) => settleInstants(inside, each, place));
  }
}

function settle(field: FieldShape, timestamp: Timestamp, place: Place): void {
  if (!isInstant(timestamp)) throw notAnInstant(field, '', place);
  cutToMilliseconds(timestamp);
}
