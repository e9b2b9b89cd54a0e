import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { authorised, type Credentials } from './credentials.ts';
import { erroFrom } from './erro.ts';
import { type Patience, withRetries } from './retries.ts';

/** Where calls go, and how. */
export interface Route extends Patience {
  readonly url: string;
  readonly fetch: typeof fetch;
}

/**
 * Connect over `fetch`. Each call has a request id and, where it changes something, an `Idempotency-Key`, both the same in all of its
 * attempts; a token that is refused is replaced once.
 */
export function createTransport(route: Route, credentials: Credentials | undefined): Transport {
  const inner = createConnectTransport({
    baseUrl: route.url,
    // Unlike JSON, it brings a client of today words of enums that come tomorrow.
    useBinaryFormat: true,
    fetch: wholeAnswers(route.fetch),
  });
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const headers = new Headers(header);
      const requestId = own(headers, 'x-request-id');
      if (method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS)
        own(headers, 'idempotency-key');
      const limits = { signal, deadline: performance.now() + (timeoutMs ?? route.timeoutMs) };
      const call = (token?: string) => {
        if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
        return withRetries(route.attempts, limits, (ms) =>
          inner.unary(method, signal, ms, headers, input, contextValues).catch((thrown) => {
            throw erroFrom(thrown, requestId);
          }),
        );
      };
      const anonymous = credentials === undefined || headers.has('authorization');
      return anonymous ? call() : authorised(credentials, limits, call);
    },
    stream() {
      throw new TypeError('No call of the platform is a stream.');
    },
  };
}

/** A value of the call's own where its caller has given none. */
function own(headers: Headers, name: string): string {
  const value = headers.get(name) ?? crypto.randomUUID();
  headers.set(name, value);
  return value;
}

/**
 * `fetch` that answers once all has arrived, and tells of a network that fails as of a service that is away: both may be over at the
 * next attempt, and nothing but `fetch` can tell them from a fault in the program.
 */
export function wholeAnswers(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    try {
      const response = await send(input, init);
      const { status, statusText, headers } = response;
      return new Response(await response.arrayBuffer(), { status, statusText, headers });
    } catch (cause) {
      if (init?.signal?.aborted) throw cause;
      const message = 'Não foi possível falar com a plataforma. Verifique a conexão.';
      throw new ConnectError(message, Code.Unavailable, undefined, undefined, cause);
    }
  };
}
