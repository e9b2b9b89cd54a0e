import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema, RequestInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import { factsOf } from '../src/errors/error-details.ts';

/** What a client learns of a failed call. Throws if the call succeeds or fails with another kind of error. */
export async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (err: unknown) => err,
  );
  if (!(error instanceof ConnectError)) throw new Error(`expected a ConnectError, got ${String(error)}`);
  return {
    code: Code[error.code],
    message: error.rawMessage,
    motivo: error.metadata.get('x-erro-codigo'),
    infos: error
      .findDetails(ErrorInfoSchema)
      .map(({ reason, domain, metadata }) => ({ reason, domain, metadata })),
    facts: factsOf(error),
    requestId: error.findDetails(RequestInfoSchema)[0]?.requestId,
    details: error.details.map((detail) => ('type' in detail ? detail.type : detail.desc.typeName)),
    header: error.metadata,
  };
}
