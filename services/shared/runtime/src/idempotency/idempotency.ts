/*
 * Room `idempotency`: a call that changes something can be sent again, under its `Idempotency-Key`, and has its effect once.
 *
 * The transaction of the effect claims the key and names the effect (`tx.claimKey`, `../postgres/call-key.ts`): both are there or
 * neither is, whenever a process dies and whatever became of a commit whose answer was lost. The interceptor (this file) looks
 * the key up before the handler runs (`idempotency-keys.ts`); a repeated call is answered from the effect, as it is now, by the
 * loader of its method (`repeats` of `rpcService`). No answer is kept. A key belongs to its caller and to one request.
 */

import type { DescMethod } from '@bufbuild/protobuf';
import { Code, type UnaryRequest, type UnaryResponse } from '@connectrpc/connect';
import { campo } from '../errors/error-details.ts';
import { retryAfter, rpcError } from '../errors/errors.ts';
import { type CallKey, KeyTakenError, underKey } from '../postgres/call-key.ts';
import { principalKey } from '../rpc/principal.ts';
import { isRead, methodName, type RpcMethod, type UnaryInterceptor } from '../rpc/rpc.ts';
import { fingerprint } from './fingerprint.ts';
import type { IdempotencyKeys } from './idempotency-keys.ts';

/** Request header and gRPC metadata key alike. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Tells a client that the effect is that of an earlier attempt. */
export const REPLAYED_HEADER = 'idempotency-replayed';

const VALID_KEY = /^[\x21-\x7e]{1,255}$/;

interface Deps {
  readonly keys: IdempotencyKeys;
  /** Checks of rights and loaders, by method. */
  readonly methods: ReadonlyMap<DescMethod, RpcMethod>;
}

/**
 * Gives a call with an `Idempotency-Key` one effect per caller and key: the same request again is answered from the effect of
 * the first one, marked with `idempotency-replayed`, if the caller may still do what it did. A refusal leaves the key free:
 * its cause may go away, and then the same call is to succeed. Methods without side effects and anonymous calls
 * pass through. Innermost interceptor: a call that is refused before it never takes a key.
 */
export function idempotency(deps: Deps): UnaryInterceptor {
  return (next) => async (req) => {
    if (isRead(req.method)) return next(req);
    const key = keyOf(req);
    if (key === undefined) return next(req);
    const efeito = await effectOf(key, req, deps);
    if (efeito !== undefined) return repeated(req, efeito, deps);
    try {
      return await underKey(key, () => next(req));
    } catch (error) {
      if (!(error instanceof KeyTakenError)) throw error;
      const other = error.other === 'committed' ? await effectOf(key, req, deps) : undefined;
      if (other === undefined) throw stillRunning();
      return repeated(req, other, deps);
    }
  };
}

/** @throws ConnectError `REQUISICAO_INVALIDA` for a key that cannot be kept: ignoring it would do things twice */
function keyOf(req: UnaryRequest): CallKey | undefined {
  const chave = req.header.get(IDEMPOTENCY_KEY_HEADER);
  if (chave === null) return undefined;
  if (!VALID_KEY.test(chave)) throw invalidKey();
  const principal = req.contextValues.get(principalKey);
  if (principal === undefined) return undefined;
  const escopo = `${principal.tipo}:${principal.id}`;
  return { escopo, chave, metodo: methodName(req.method), impressao: fingerprint(req.method, req.message) };
}

/** Undefined where the call is to be carried out. */
async function effectOf(
  key: CallKey,
  { method }: UnaryRequest,
  { keys, methods }: Deps,
): Promise<string | undefined> {
  const used = await keys.find(key);
  switch (used?.kind) {
    case undefined:
      return undefined;
    case 'done':
      return used.efeito;
    case 'other-request':
      throw keyReused('Esta chave de idempotência já foi usada em outra requisição.');
    case 'running':
      throw stillRunning();
    case 'unknown':
      // The release before has kept the keys of all methods; this one carries out again what is harmless.
      if (methods.get(method)?.load === undefined) return undefined;
      throw keyReused(
        'Esta chave de idempotência foi usada antes de uma atualização da plataforma: veja se a operação foi feita e, se não foi, envie-a com outra chave.',
      );
  }
}

async function repeated(req: UnaryRequest, efeito: string, { methods }: Deps): Promise<UnaryResponse> {
  const { contextValues: values, header: requestHeader, signal, service, method, message } = req;
  const rpc = methods.get(method);
  const load = rpc?.load;
  if (load === undefined) throw new Error(`${methodName(method)} claims keys and has no loader`);
  await rpc?.direito?.(message, { values });
  const responseHeader = new Headers({ [REPLAYED_HEADER]: 'true' });
  // The handler is not run, so nothing else tells the HTTP listener the type of the body: that of the request.
  const contentType = requestHeader.get('content-type');
  if (contentType !== null) responseHeader.set('content-type', contentType);
  const answer = await load(efeito, message, { values, requestHeader, responseHeader, signal });
  return {
    ...{ stream: false, service, method, message: answer },
    ...{ header: responseHeader, trailer: new Headers() },
  };
}

function invalidKey() {
  const problema = 'deve ter de 1 a 255 caracteres ASCII visíveis';
  const message = `O cabeçalho Idempotency-Key ${problema}.`;
  const campos = [campo('Idempotency-Key', problema)];
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { campos });
}

function keyReused(message: string) {
  return rpcError(Code.AlreadyExists, 'CHAVE_IDEMPOTENCIA_REUTILIZADA', message);
}

function stillRunning() {
  const message = 'A requisição original com esta chave de idempotência ainda está em andamento.';
  return retryAfter(rpcError(Code.Aborted, 'REQUISICAO_EM_ANDAMENTO', message), 1);
}
