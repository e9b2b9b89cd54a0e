import { type JsonObject, toJson } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import type { MotivoErro as DeAuth } from '@plataforma/contratos/auth/v1/motivo_erro_pb';
import type { MotivoErro as DeTodos } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { type ErrorInfo, ErrorInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import type { MotivoErro as DeNotificacoes } from '@plataforma/contratos/notificacoes/v1/motivo_erro_pb';
import type { MotivoErro as DePagamentos } from '@plataforma/contratos/pagamentos/v1/motivo_erro_pb';
import type { MotivoErro as DeReservas } from '@plataforma/contratos/reservas/v1/motivo_erro_pb';

type MotivosDe =
  | keyof typeof DeTodos
  | keyof typeof DeAuth
  | keyof typeof DeReservas
  | keyof typeof DePagamentos
  | keyof typeof DeNotificacoes;

/** Why a call was refused, for programs: every reason of the contracts. A platform that is newer may answer others. */
export type Motivo = Exclude<MotivosDe, 'UNSPECIFIED'>;

const ERROR_DOMAIN = 'plataforma.reservas';

interface Told {
  readonly code: string;
  readonly reason?: Motivo | undefined;
  readonly requestId?: string | undefined;
  readonly details?: JsonObject;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** A call that did not succeed: refused, or without an answer. `message` is in Portuguese, for the person who waits. */
export class ErroDaPlataforma extends Error {
  override readonly name = 'ErroDaPlataforma';
  /** The kind of failure, as REST and Connect spell it: `already_exists`, `unavailable`. */
  readonly code: string;
  /** Undefined where nobody has answered, and of what the gateway refuses where its headers do not tell, or may not be read. */
  readonly reason: Motivo | undefined;
  /** Finds the call, all of its attempts, in the logs of the platform. */
  readonly requestId: string | undefined;
  /** Facts that belong to the reason, as `details` of a REST body has them: which there are, the table of errors says. */
  readonly details: JsonObject;
  /** After how long the same call may succeed, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { code, reason, requestId, details = {}, retryAfterSeconds, cause }: Told) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.reason = reason;
    this.requestId = requestId;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What was thrown while a call was made, as its caller is told; `cause` is the error of Connect, with all details. */
export function erroFrom(thrown: unknown, requestId: string): ErroDaPlataforma {
  if (thrown instanceof ErroDaPlataforma) return thrown;
  const cause = ConnectError.from(thrown);
  const info = infoOf(cause);
  return new ErroDaPlataforma(cause.rawMessage, {
    code: codeToString(cause.code),
    reason: (info?.reason ?? cause.metadata.get('x-erro-codigo') ?? undefined) as Motivo | undefined,
    requestId: cause.metadata.get('x-request-id') ?? requestId,
    details: detailsOf(cause, info),
    retryAfterSeconds: retryAfterOf(cause.metadata),
    cause,
  });
}

/** The header `Retry-After` of the platform and its gateway is a number of seconds. */
export function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Facts that are all texts are in ErrorInfo alone; others come in a Struct, which has those texts, too. */
function detailsOf(error: ConnectError, info: ErrorInfo | undefined): JsonObject {
  const [facts] = error.findDetails(StructSchema);
  return facts ? toJson(StructSchema, facts) : { ...info?.metadata };
}

function infoOf(error: ConnectError): ErrorInfo | undefined {
  return error.findDetails(ErrorInfoSchema).find(({ domain }) => domain === ERROR_DOMAIN);
}
