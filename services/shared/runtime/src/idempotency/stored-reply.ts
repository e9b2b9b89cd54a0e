import { create, fromBinary, fromJson, type JsonObject, toBinary, toJson } from '@bufbuild/protobuf';
import { type Any, anyPack, anyUnpack, StructSchema } from '@bufbuild/protobuf/wkt';
import type { UnaryRequest, UnaryResponse } from '@connectrpc/connect';
import { StatusSchema } from '@plataforma/contratos/google/rpc/status_pb';
import type { StoredReply } from './idempotency-store.ts';

/** Tells a client that it got the answer of an earlier attempt. */
export const REPLAYED_HEADER = 'idempotency-replayed';

const OK = 0;

/**
 * A successful answer to be replayed: a `google.rpc.Status` of code 0 whose details are the reply and the
 * response headers that handlers set (`x-*`, such as the HTTP status for REST).
 */
export function storeResponse(res: UnaryResponse): StoredReply {
  const headers: JsonObject = {};
  res.header.forEach((value, key) => {
    if (key.startsWith('x-')) headers[key] = value;
  });
  const details = [
    anyPack(res.method.output, res.message),
    anyPack(StructSchema, fromJson(StructSchema, headers)),
  ];
  return { resposta: toBinary(StatusSchema, create(StatusSchema, { code: OK, details })) };
}

/** The stored answer once more. */
export function replay(reply: StoredReply, req: UnaryRequest): UnaryResponse {
  const [message, headers] = fromBinary(StatusSchema, reply.resposta).details;
  const unpacked = message && anyUnpack(message, req.method.output);
  if (unpacked === undefined) throw new Error(`the stored reply is not a ${req.method.output.typeName}`);
  return {
    stream: false,
    service: req.service,
    method: req.method,
    message: unpacked,
    header: replayedHeader(req, headers),
    trailer: new Headers(),
  };
}

function replayedHeader(req: UnaryRequest, stored: Any | undefined): Headers {
  const header = new Headers({ [REPLAYED_HEADER]: 'true' });
  // The handler is not run, so nothing else tells the HTTP listener the type of the body: that of the request.
  const contentType = req.header.get('content-type');
  if (contentType !== null) header.set('content-type', contentType);
  const values = stored && anyUnpack(stored, StructSchema);
  if (values === undefined) return header;
  for (const [key, value] of Object.entries(toJson(StructSchema, values))) header.set(key, String(value));
  return header;
}
