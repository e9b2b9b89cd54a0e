import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { type Code, ConnectError } from '@connectrpc/connect';
import { StatusSchema } from '@plataforma/contratos/google/rpc/status_pb';

/** Metadata key that carries a serialized `google.rpc.Status`. */
export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

/** Code, message and details of an error as a serialized `google.rpc.Status`. */
export function statusToBytes(error: Pick<ConnectError, 'code' | 'rawMessage' | 'details'>): Uint8Array {
  const details = error.details.map((detail) => {
    if ('desc' in detail) return anyPack(detail.desc, create(detail.desc, detail.value));
    return { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value };
  });
  return toBinary(
    StatusSchema,
    create(StatusSchema, { code: error.code, message: error.rawMessage, details }),
  );
}

/** The error in a serialized `google.rpc.Status`. Throws if the bytes are not one. */
export function statusFromBytes(
  bytes: Uint8Array,
  metadata?: Headers | Record<string, string>,
): ConnectError {
  const status = fromBinary(StatusSchema, bytes);
  const error = new ConnectError(status.message, status.code as Code, metadata);
  error.details = status.details.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1),
    value,
  }));
  return error;
}
