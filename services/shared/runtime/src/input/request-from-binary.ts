import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { notOfContract } from './invalid-request.ts';
import { RequestShape } from './request-shape.ts';
import { guardWire } from './wire-guard.ts';

/**
 * Decodes a request, within the bounds of its contract and without unknown fields. Its rules are not checked yet.
 *
 * @param maxBytes largest request; left out, what its contract can need
 * @throws ConnectError `REQUISICAO_INVALIDA` for bytes that are not the message, or more than it may be
 */
export function requestFromBinary<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  maxBytes?: number,
): MessageShape<Desc> {
  const guarded = guardWire(RequestShape.of(schema), bytes, maxBytes);
  try {
    return fromBinary(schema, guarded, { readUnknownFields: false });
  } catch (err) {
    throw notOfContract(`not a ${schema.typeName}`, err);
  }
}
