import { AsyncLocalStorage } from 'node:async_hooks';
import type { HandlerContext } from '@connectrpc/connect';
import { Code, createContextKey } from '@connectrpc/connect';
import { retryAfter, rpcError } from '../errors/errors.ts';
import type { Sql } from '../postgres/transaction.ts';
import type { IdempotentAttempt } from './idempotency-store.ts';

/*
 * The gap between the commit of an effect and the storing of its answer: a process that dies there leaves a key in
 * progress, and the attempt that takes the key over runs the handler again. Here the transaction of the effect itself
 * writes down what it did, and the handler of the later attempt is told.
 */

/** Work that a call has started may outlive it, and is no longer part of its attempt then. */
interface Scope {
  readonly attempt: IdempotentAttempt;
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

const feitoKey = createContextKey<string | undefined>(undefined, {
  description: 'done by an earlier attempt',
});

const NOTE = `
  update idempotencia set resposta = $4
  where escopo = $1 and chave = $2 and posse = $3 and estado = 'EM_ANDAMENTO'`;

/** Runs a call whose effects belong to an attempt. */
export async function asAttempt<T>(attempt: IdempotentAttempt, call: () => Promise<T>): Promise<T> {
  const scope = { attempt, open: true };
  try {
    return await scopes.run(scope, call);
  } finally {
    scope.open = false;
  }
}

/**
 * Writes down, in the transaction of an effect, what the call under way has done: the id of what it made or changed.
 * Without an `Idempotency-Key` nothing happens.
 *
 * @throws ABORTED / `REQUISICAO_EM_ANDAMENTO` when another attempt has taken the key over; the transaction must not
 * commit then
 */
export async function noteEffect(manager: Sql, feito: string): Promise<void> {
  const scope = scopes.getStore();
  if (!scope?.open) return;
  const { escopo, chave, posse } = scope.attempt;
  const [, noted] = await manager.query<[unknown[], number]>(NOTE, [
    escopo,
    chave,
    posse,
    Buffer.from(feito),
  ]);
  if (noted === 0) throw stillRunning();
}

/** What an earlier attempt of this very call has noted; undefined for a call that has had no effect yet. */
export function doneBefore({ values }: Pick<HandlerContext, 'values'>): string | undefined {
  return values.get(feitoKey);
}

/** Used by the interceptor alone. */
export const setDoneBefore = (values: HandlerContext['values'], feito: string | undefined) =>
  values.set(feitoKey, feito);

/** The answer to everybody but the attempt that has the key. */
export function stillRunning() {
  const message = 'A requisição original com esta chave de idempotência ainda está em andamento.';
  return retryAfter(rpcError(Code.Aborted, 'REQUISICAO_EM_ANDAMENTO', message), 1);
}
