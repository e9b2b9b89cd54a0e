/*
 * Room `errors`: what a caller is told when something fails, the same on every listener and in every service.
 *
 * Each error on the wire has a status code, a stable reason (`motivo`), a message in Portuguese for people, and facts for
 * programs (`error-details.ts`), all within what headers hold (`error-bounds.ts`). A business failure is mapped by the
 * service's own table (`refusals`); everything else is told by a neutral message, by what kind of failure it is
 * (`failure.ts`), and keeps its cause for the log. What is inside a cause never reaches a caller.
 *
 * Every room that answers calls uses it; services use `refusals` in `presentation`, and nothing of it further inside.
 */

import { Code, ConnectError } from '@connectrpc/connect';
import type { DomainError, Fatos } from '@plataforma/domain/domain-error';
import type { Result } from '@plataforma/domain/result';
import { boundedMessage } from './error-bounds.ts';
import { detailsOf, errorInfoOf } from './error-details.ts';
import { classifyFailure } from './failure.ts';

/** Metadata key with the stable reason; the REST edge turns it into `reason` of the error body. */
export const REASON_HEADER = 'x-erro-codigo';

/** Reason and neutral message of an error that says nothing more precise about itself. */
const GENERIC: Partial<Record<Code, readonly [motivo: string, message: string]>> = {
  [Code.Canceled]: ['REQUISICAO_CANCELADA', 'A requisição foi cancelada por quem a fez.'],
  [Code.InvalidArgument]: ['REQUISICAO_INVALIDA', 'A requisição é inválida.'],
  [Code.DeadlineExceeded]: ['PRAZO_ESGOTADO', 'O tempo limite da requisição foi excedido.'],
  [Code.ResourceExhausted]: ['MENSAGEM_GRANDE_DEMAIS', 'A requisição excede o tamanho máximo de 1 MiB.'],
  [Code.Aborted]: [
    'CONFLITO_CONCORRENCIA',
    'Outra operação alterou os mesmos dados ao mesmo tempo. Tente novamente.',
  ],
  // What Connect says of an encoding that it does not know.
  [Code.Unimplemented]: ['TIPO_NAO_SUPORTADO', 'Este endereço não aceita conteúdo deste tipo.'],
  [Code.Internal]: ['ERRO_INTERNO', 'Ocorreu um erro inesperado. Tente novamente mais tarde.'],
  [Code.Unavailable]: [
    'SERVICO_INDISPONIVEL',
    'Serviço temporariamente indisponível. Tente novamente em instantes.',
  ],
  [Code.Unauthenticated]: ['NAO_AUTENTICADO', 'É preciso estar autenticado para esta operação.'],
  [Code.PermissionDenied]: ['ACESSO_NEGADO', 'Você não tem permissão para esta operação.'],
};

/**
 * An error for the caller: status code, details with the stable reason and the facts (`error-details.ts`), and the same
 * reason as `x-erro-codigo` metadata.
 *
 * @param motivo reason in upper snake case, one of the enums in the `motivo_erro.proto` files
 * @param message for the end user, in Brazilian Portuguese
 * @param detalhes facts for programs, sent as far as they fit
 */
export function rpcError(
  code: Code,
  motivo: string,
  message: string,
  detalhes: Fatos = {},
  cause?: unknown,
): ConnectError {
  const error = new ConnectError(boundedMessage(message), code, { [REASON_HEADER]: motivo }, [], cause);
  error.details = detailsOf(motivo, detalhes);
  return error;
}

/** Metadata key with the whole seconds after which the same call may succeed; the header of RFC 9110, 10.2.3 in HTTP. */
const RETRY_AFTER_HEADER = 'retry-after';

/** The same error, which tells its caller when to come back. */
export function retryAfter(error: ConnectError, seconds: number): ConnectError {
  error.metadata.set(RETRY_AFTER_HEADER, String(Math.max(1, Math.ceil(seconds))));
  return error;
}

/** A business failure with one of the reasons `M`. */
export type Refusal<M extends string> = DomainError & {
  readonly motivo: M;
  /** Tells the caller after how many seconds the same call may succeed. */
  readonly segundos?: number;
};

/**
 * How the refusals of a service look on the wire: reason, message and facts as the refusal has them, the status code from
 * the table, and the refusal itself as `cause`, for the log only.
 *
 * @param codigo each reason's status code: a new reason without a line in it does not compile
 */
export function refusals<M extends string>(codigo: Readonly<Record<M, Code>>) {
  function toRpcError(refusal: Refusal<M>): ConnectError {
    const { motivo, message, detalhes, segundos } = refusal;
    const error = rpcError(codigo[motivo], motivo, message, detalhes, refusal);
    return segundos === undefined ? error : retryAfter(error, segundos);
  }
  return {
    toRpcError,
    /** The value of a result; a refusal is thrown as the caller is to see it. */
    valueOrThrow<T>(result: Result<T, Refusal<M>>): T {
      if (result.isFailure) throw toRpcError(result.error);
      return result.value;
    },
  };
}

/** An error with the generic reason and message of its code: for failures without a business meaning. */
export function genericError(code: Code, cause?: unknown, detalhes: Fatos = {}): ConnectError {
  const generic = GENERIC[code];
  if (generic === undefined) return genericError(Code.Internal, cause, detalhes);
  return rpcError(code, generic[0], generic[1], detalhes, cause);
}

/** The stable reason of an error, its own or one received from another service; undefined if it has none. */
export function motivoDe(err: ConnectError): string | undefined {
  return err.metadata.get(REASON_HEADER) ?? errorInfoOf(err)?.reason;
}

/** What says itself when to come back is taken at its word. */
function failureOf(err: unknown): ConnectError {
  const error = genericError(classifyFailure(err), err);
  const seconds = err instanceof Error && 'retryAfterSeconds' in err ? err.retryAfterSeconds : undefined;
  return typeof seconds === 'number' ? retryAfter(error, seconds) : error;
}

/**
 * What the caller is told about a failure. An error made by `rpcError` is returned as it is; a business error
 * received from another service keeps code, message and details, but not its metadata; everything else gets a
 * neutral message and keeps the original as `cause`, for the log only.
 */
export function toConnectError(err: unknown): ConnectError {
  if (!(err instanceof ConnectError)) return failureOf(err);
  if (isFromOtherService(err)) return relayed(err);
  if (err.metadata.has(REASON_HEADER)) return err;
  return withReason(err);
}

function withReason(err: ConnectError): ConnectError {
  if (err.code === Code.Unknown || err.code === Code.Internal || err.code === Code.DataLoss) {
    return genericError(Code.Internal, err);
  }
  const generic = GENERIC[err.code];
  if (generic !== undefined) err.metadata.set(REASON_HEADER, generic[0]);
  const message = boundedMessage(err.rawMessage);
  if (message === err.rawMessage) return err;
  const copy = new ConnectError(message, err.code, err.metadata, [], err);
  copy.details = err.details;
  return copy;
}

function relayed(err: ConnectError): ConnectError {
  const info = errorInfoOf(err);
  if (info === undefined || TECHNICAL.has(err.code)) return genericError(technicalCode(err.code), err);
  const copy = new ConnectError(
    boundedMessage(err.rawMessage),
    err.code,
    { [REASON_HEADER]: info.reason },
    [],
    err,
  );
  copy.details = err.details;
  return copy;
}

/** Codes that tell of a fault between two services and never of something the end user did. */
const TECHNICAL: ReadonlySet<Code> = new Set([
  Code.Unknown,
  Code.Internal,
  Code.DataLoss,
  Code.Unimplemented,
  Code.Unauthenticated,
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Canceled,
]);

function technicalCode(code: Code): Code {
  const passes = code === Code.Unavailable || code === Code.DeadlineExceeded || code === Code.Canceled;
  return passes ? code : Code.Internal;
}

/** Connect marks errors parsed from an answer with a field that its types hide. */
function isFromOtherService(err: ConnectError): boolean {
  return 'isWireError' in err && err.isWireError === true;
}
