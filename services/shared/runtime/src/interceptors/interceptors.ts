/*
 * Room `interceptors`: the one chain that both listeners put around every handler.
 *
 * The order is a promise: whatever fails is logged and mapped; no client waits longer than the deadline; a caller is known before a
 * page token is opened or a request is checked; what an administrator sees of others is recorded before it leaves, also when the
 * call is a repeated one; a call that is refused before takes no idempotency key. What concerns every call
 * belongs here and nowhere else; what concerns one method belongs in its handler. Services never call this: `service.ts` does.
 */

import { randomBytes } from 'node:crypto';
import type { Interceptor } from '@connectrpc/connect';
import type { Logger } from 'pino';
import type { AdminLooks } from '../audit/admin-looks.ts';
import { idempotency } from '../idempotency/idempotency.ts';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.ts';
import { methodName, type RpcService, type UnaryInterceptor } from '../rpc/rpc.ts';
import type { TokenVerifier } from '../security/jwt.ts';
import { PageTokens } from '../security/page-tokens.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AccountSessions, access } from './access.ts';
import { deadline } from './deadline.ts';
import { deprecation } from './deprecation.ts';
import { errorMapping } from './error-mapping.ts';
import { looks } from './looks.ts';
import { observability } from './observability.ts';
import { pageTokens } from './page-tokens.ts';
import { validation } from './validation.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface InterceptorOptions {
  readonly logger: Logger;
  readonly verifier: TokenVerifier;
  /** The services whose access rules apply; a method of any other service is refused. */
  readonly services: readonly RpcService[];
  /** Of auth. */
  readonly accountSessions?: AccountSessions;
  readonly metrics?: Metrics;
  /** Time for a call whose client sets no deadline. Default 10 s. */
  readonly defaultTimeoutMs?: number;
  /** Without them the header `idempotency-key` has no effect. */
  readonly keys?: IdempotencyKeys;
  /** Without them nothing records what administrators see of other people: auth does so by itself. */
  readonly looks?: Pick<AdminLooks, 'concerns' | 'shown'>;
  /** Left out, page tokens are sealed with a key of this process: no other process takes them. */
  readonly pageTokens?: PageTokens;
}

/**
 * The one chain that both listeners put around every handler, outermost first: request id, log and metrics; deprecation;
 * error mapping; deadline; access; page tokens; validation; looks at data of others; idempotency.
 *
 * @throws Error for a contract with a method that streams, or is deprecated without saying when
 */
export function createInterceptors(options: InterceptorOptions): Interceptor[] {
  const { logger, verifier, accountSessions, metrics, defaultTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const methods = new Map(
    options.services.flatMap((service) =>
      service.methods.map((method) => [method.spec.method, method] as const),
    ),
  );
  for (const method of methods.keys())
    if (method.methodKind !== 'unary')
      throw new Error(`${methodName(method)} streams: no interceptor guards that`);
  const chain: UnaryInterceptor[] = [
    observability({ logger, metrics }),
    deprecation(methods.keys()),
    errorMapping({ logger }),
    deadline({ defaultTimeoutMs, logger }),
    access({ verifier, methods, accountSessions }),
    pageTokens(options.pageTokens ?? new PageTokens([randomBytes(32)], 'process')),
    validation(),
  ];
  if (options.looks) chain.push(looks({ looks: options.looks, methods }));
  if (options.keys) chain.push(idempotency({ keys: options.keys, methods }));
  // All that a listener hands them is of these methods, so it is unary.
  return chain as Interceptor[];
}
