import {
  type ContextValues,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from '@connectrpc/connect';

const NO_DEADLINE = Number.POSITIVE_INFINITY;

const requestIdKey = createContextKey('', { description: 'request id' });
const deadlineKey = createContextKey(NO_DEADLINE, { description: 'deadline' });
const peerKey = createContextKey('', { description: 'peer' });

type Call = Pick<HandlerContext, 'values'>;

/** Id of the call being handled. Calls of others on its behalf bear it by themselves, as that of its trail. */
export function requestIdOf({ values }: Call): string {
  return values.get(requestIdKey);
}

/** Address of the other end of the connection: a proxy, not the end user, when there is one between. */
export function peerOf({ values }: Call): string {
  return values.get(peerKey);
}

/** Milliseconds left to answer this call: the timeout of calls made on its behalf. Never negative. */
export function remainingMs({ values }: Call): number {
  return Math.max(0, values.get(deadlineKey) - Date.now());
}

/** What a listener knows of a call. @param deadline set by the client, milliseconds since the epoch */
export function callValues(peer: string, deadline: number = NO_DEADLINE): ContextValues {
  return createContextValues().set(peerKey, peer).set(deadlineKey, deadline);
}

/** Used by the interceptors that decide these values. */
export const setRequestId = (values: ContextValues, id: string) => values.set(requestIdKey, id);
export const setDeadline = (values: ContextValues, deadline: number) => values.set(deadlineKey, deadline);
export const deadlineOf = (values: ContextValues): number => values.get(deadlineKey);
