import { fromJson, type JsonObject, toJson } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import type { ConnectError } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { ErrorInfoSchema, RequestInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import type { Fato, Fatos } from '@plataforma/domain/domain-error';
import { boundedFacts } from './error-bounds.ts';

type Details = ConnectError['details'];

/** `google.rpc.ErrorInfo.domain` of every error of the platform. */
const ERROR_DOMAIN = 'plataforma.reservas';

/**
 * Reason and facts as details of gRPC: what is one value in `ErrorInfo.metadata`, whose values are texts, and unless all facts
 * are texts, all of them as they are in a `google.protobuf.Struct` besides.
 */
export function detailsOf(motivo: string, facts: Fatos): Details {
  const kept = boundedFacts(facts);
  const plain = Object.entries(kept).filter(([, fact]) => typeof fact !== 'object');
  const metadata = Object.fromEntries(plain.map(([name, fact]) => [name, String(fact)]));
  const info = { desc: ErrorInfoSchema, value: { reason: motivo, domain: ERROR_DOMAIN, metadata } };
  const isText = Object.values(kept).every((fact) => typeof fact === 'string');
  return isText ? [info] : [info, { desc: StructSchema, value: fromJson(StructSchema, kept as JsonObject) }];
}

/** Our own `ErrorInfo` of an error, its own or one received from another service. */
export function errorInfoOf(error: ConnectError) {
  return error.findDetails(ErrorInfoSchema).find((info) => info.domain === ERROR_DOMAIN);
}

/** The facts of an error, as {@link detailsOf} has put them into its details. */
export function factsOf(error: ConnectError): Fatos {
  const [facts] = error.findDetails(StructSchema);
  if (facts) return toJson(StructSchema, facts) as Fatos;
  return errorInfoOf(error)?.metadata ?? {};
}

/** The same error, whose details name the request that it answers. */
export function naming(error: ConnectError, requestId: string): ConnectError {
  if (requestId === '') return error;
  const isRequest = (detail: Details[number]) =>
    ('type' in detail ? detail.type : detail.desc.typeName) === RequestInfoSchema.typeName;
  // One of another service names that call, which has the id of this one.
  const [first, ...others] = error.details.filter((detail) => !isRequest(detail));
  const request = { desc: RequestInfoSchema, value: { requestId } };
  error.details = first === undefined ? [request] : [first, request, ...others];
  return error;
}

/** The body of every error over plain HTTP and REST. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly requestId: string;
  readonly details: Fatos;
}

/** An error as the body of a plain HTTP answer. @param reason as `motivoDe` has it */
export function problemOf(error: ConnectError, reason: string | undefined, requestId: string): Problem {
  const { code, rawMessage: message } = error;
  return {
    code: codeToString(code),
    message,
    reason: reason ?? 'ERRO_INTERNO',
    requestId,
    details: factsOf(error),
  };
}

/** Facts as a header can carry them: JSON of printable ASCII. */
export function factsHeader(facts: Fatos): string {
  return JSON.stringify(facts).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One of `campos`: a field of the request, and which rule of form it breaks. */
export const campo = (nome: string, problema: string): Fato => ({ campo: nome, problema });
