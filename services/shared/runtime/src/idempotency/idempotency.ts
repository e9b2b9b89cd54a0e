/*
 * Room `idempotency`: a call that changes something can be sent again, under its `Idempotency-Key`, and has its effect once.
 *
 * The interceptor (this file) claims the key for one attempt (`idempotency-store.ts`), runs the handler, and keeps the answer for
 * repeats (`stored-reply.ts`, encrypted by `reply-seal.ts`). The effect writes down in its own transaction what it did
 * (`idempotent-effect.ts`), so that the attempt after a crash finds it. A key belongs to its caller and to one request: with
 * another body it is refused. Only successes are kept.
 */

import { createHash } from 'node:crypto';
import { type DescMethod, toBinary } from '@bufbuild/protobuf';
import { Code, type Interceptor, type UnaryRequest } from '@connectrpc/connect';
import type { Logger } from 'pino';
import { rpcError } from '../errors/errors.ts';
import { type Principal, principalKey } from '../rpc/principal.ts';
import { isRead, methodName, type RpcMethod } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';
import type { IdempotencyStore, IdempotentAttempt, StoredReply } from './idempotency-store.ts';
import { asAttempt, setDoneBefore, stillRunning } from './idempotent-effect.ts';
import { replay, storeResponse } from './stored-reply.ts';

/** Request header and gRPC metadata key alike. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

const VALID_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Runs a call with an `Idempotency-Key` once per caller and key: the same request again gets the stored answer,
 * marked with `idempotency-replayed`, if the caller may still do what it did. Only successes are stored: the cause of a
 * refusal may go away, and then the same call is to succeed. Methods without side effects, streams and anonymous calls
 * pass through. Innermost interceptor: a call that is refused before it never takes a key.
 */
export function idempotency(deps: Deps): Interceptor {
  return (next) => async (req) => {
    if (req.stream || isRead(req.method)) return next(req);
    const chave = keyOf(req);
    const principal = req.contextValues.get(principalKey);
    if (chave === undefined || principal === undefined) return next(req);
    const begun = await begin(deps, req, principal, chave);
    if ('replayed' in begun) return begun.replayed;
    const attempt = new Attempt(begun.attempt, req, deps);
    setDoneBefore(req.contextValues, begun.feito);
    // A handler may run on when its caller has been told that the time is up: the retry has to wait for its end.
    const renewal = setInterval(() => void attempt.renew(), deps.store.renewEveryMs).unref();
    try {
      const res = await asAttempt(begun.attempt, () => next(req));
      if (!res.stream) await attempt.keep(storeResponse(res));
      return res;
    } catch (err) {
      await attempt.giveUp();
      throw err;
    } finally {
      clearInterval(renewal);
    }
  };
}

interface Deps {
  readonly store: IdempotencyStore;
  readonly logger: Logger;
  /** Checks of rights, by method; see `Direitos`. */
  readonly methods: ReadonlyMap<DescMethod, RpcMethod>;
}

/** @throws ConnectError `REQUISICAO_INVALIDA` for a key that cannot be kept: ignoring it would do things twice */
function keyOf({ header }: UnaryRequest): string | undefined {
  const chave = header.get(IDEMPOTENCY_KEY_HEADER);
  if (chave === null) return undefined;
  if (!VALID_KEY.test(chave)) throw invalidKey();
  return chave;
}

async function begin({ store, methods }: Deps, req: UnaryRequest, principal: Principal, chave: string) {
  const escopo = `${principal.tipo}:${principal.id}`;
  const metodo = methodName(req.method);
  const result = await store.begin({ escopo, chave, metodo, impressao: fingerprint(req) });
  if (result.kind === 'replay') {
    await methods.get(req.method)?.direito?.(req.message, { values: req.contextValues });
    return { replayed: replay(result, req) };
  }
  if (result.kind === 'conflict') throw keyReused();
  if (result.kind === 'in-progress') throw stillRunning();
  return { attempt: { escopo, chave, posse: result.posse }, feito: result.feito };
}

/**
 * The effect of the handler is there or not by the time these run. A failure to record it is logged and does not
 * change the answer: the key stays taken until its lease ends.
 */
class Attempt {
  readonly #attempt: IdempotentAttempt;
  readonly #req: UnaryRequest;
  readonly #deps: Deps;

  constructor(attempt: IdempotentAttempt, req: UnaryRequest, deps: Deps) {
    this.#attempt = attempt;
    this.#req = req;
    this.#deps = deps;
  }

  keep(reply: StoredReply): Promise<void> {
    return this.#record(() => this.#deps.store.finish(this.#attempt, reply));
  }

  renew(): Promise<void> {
    return this.#record(() => this.#deps.store.renew(this.#attempt));
  }

  giveUp(): Promise<void> {
    return this.#record(() => this.#deps.store.abandon(this.#attempt));
  }

  async #record(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (err) {
      this.#deps.logger.error(
        { err: loggableError(err), rpc: methodName(this.#req.method) },
        'idempotency key could not be recorded',
      );
    }
  }
}

/** Serialization follows the order of field numbers; the contracts keep maps out of requests. */
function fingerprint({ method, message }: UnaryRequest): Uint8Array {
  return createHash('sha256')
    .update(methodName(method))
    .update('\0')
    .update(toBinary(method.input, message, { writeUnknownFields: false }))
    .digest();
}

function invalidKey() {
  const message = 'O cabeçalho Idempotency-Key deve ter de 1 a 255 caracteres ASCII visíveis.';
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { campos: IDEMPOTENCY_KEY_HEADER });
}

function keyReused() {
  const message = 'Esta chave de idempotência já foi usada em outra requisição.';
  return rpcError(Code.AlreadyExists, 'CHAVE_IDEMPOTENCIA_REUTILIZADA', message);
}
