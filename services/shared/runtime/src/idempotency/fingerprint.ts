import { createHash } from 'node:crypto';
import { clone, type DescMethod, type Message, toBinary } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { methodName } from '../rpc/rpc.ts';

/**
 * Tells requests under one `Idempotency-Key` apart. It is stored for as long as the key, so fields of the request that the
 * contract marks as `debug_redact` stay out of it: a password could be guessed from a hash of all that was sent.
 */
export function fingerprint(method: DescMethod, message: Message): Uint8Array {
  const open = reflect(method.input, clone(method.input, message));
  for (const field of method.input.fields) if (field.proto.options?.debugRedact) open.clear(field);
  // Serialization follows the order of field numbers; the contracts keep maps out of requests.
  return createHash('sha256')
    .update(methodName(method))
    .update('\0')
    .update(toBinary(method.input, open.message, { writeUnknownFields: false }))
    .digest();
}
