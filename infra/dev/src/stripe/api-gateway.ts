import { setTimeout as wait } from 'node:timers/promises';
import { Stripe } from 'stripe';
import type { Api, ApiCall } from './api.ts';
import { type HttpAnswer, json } from './http.ts';
import { newId } from './objects/ids.ts';
import { StripeApiError } from './request/api-error.ts';
import { decodeForm, type FormObject, MalformedFormError } from './request/form.ts';
import type { IdempotencyKeys } from './request/idempotency.ts';
import { Params } from './request/params.ts';
import type { Store } from './store/store.ts';
import type { Fault, Faults } from './switches/faults.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  header: (name: string) => string | undefined;
  /** Aborted when the client has gone or the server stops. */
  signal: AbortSignal;
}

interface ApiGatewayDeps {
  api: Api;
  faults: Faults;
  idempotency: IdempotencyKeys;
  store: Store;
  /** Undefined accepts any test key. */
  secretKey: string | undefined;
  failed: (error: unknown, requestId: string) => void;
}

interface Pending {
  request: ApiRequest;
  requestId: string;
  params: FormObject;
  key: string | undefined;
}

interface Outcome {
  status: number;
  body: string;
  executed: boolean;
  replayed?: boolean;
}

/** What surrounds each API call: authentication, faults on request, idempotency, error shape, headers. */
export class ApiGateway {
  readonly #deps: ApiGatewayDeps;

  constructor(deps: ApiGatewayDeps) {
    this.#deps = deps;
  }

  /** `cut` asks for the connection to be closed without an answer. */
  async handle(request: ApiRequest): Promise<HttpAnswer | 'cut'> {
    const requestId = newId('request');
    const key = request.method === 'POST' ? request.header('idempotency-key') : undefined;
    const headers = headersOf(request, requestId, key);
    try {
      this.#authenticate(request);
      const params = decodeForm(request.method === 'GET' ? request.query : request.body);
      const fault = this.#deps.faults.take(request.method, request.path);
      return await this.#underFault({ request, requestId, params, key }, fault, headers);
    } catch (error) {
      return toAnswer(this.#outcomeOf(error, requestId), headers);
    }
  }

  async #underFault(pending: Pending, fault: Fault | undefined, headers: Record<string, string>) {
    const isLost = fault !== undefined && !['slow', 'torn'].includes(fault.failure) && !fault.sticky;
    if (isLost && fault.when === 'before') return actOut(fault, headers, pending.request.signal);
    const outcome = await this.#underKey(pending, fault);
    if (isLost) return actOut(fault, headers, pending.request.signal);
    return { ...toAnswer(outcome, headers), torn: fault?.failure === 'torn' };
  }

  async #underKey(pending: Pending, fault: Fault | undefined): Promise<Outcome> {
    const { request, params, key } = pending;
    const { idempotency, store } = this.#deps;
    const call = { path: request.path, params };
    const kept = key === undefined ? undefined : idempotency.begin(key, call);
    if (kept !== undefined) return { ...kept, executed: true, replayed: true };
    try {
      if (fault?.failure === 'slow') await wait(fault.delayMs, undefined, { ref: false });
      return store.batch(() => {
        const outcome = this.#outcome(pending, fault);
        if (key !== undefined && outcome.executed) idempotency.complete(key, call, outcome);
        return outcome;
      });
    } finally {
      if (key !== undefined) idempotency.release(key);
    }
  }

  /** A sticky fault replaces the answer before it is kept; with `before`, it also replaces the effect. */
  #outcome(pending: Pending, fault: Fault | undefined): Outcome {
    if (fault?.sticky && fault.when === 'before') return { ...faultOutcome(fault), executed: true };
    const outcome = this.#execute(pending);
    return fault?.sticky ? { ...faultOutcome(fault), executed: true } : outcome;
  }

  #execute({ request, requestId, params, key }: Pending): Outcome {
    const origin = { requestId, idempotencyKey: key ?? null };
    const call: ApiCall = { method: request.method, path: request.path, params: new Params(params), origin };
    try {
      return { status: 200, body: toJson(this.#deps.api.execute(call)), executed: true };
    } catch (error) {
      return this.#outcomeOf(error, requestId);
    }
  }

  #outcomeOf(error: unknown, requestId: string): Outcome {
    if (error instanceof StripeApiError) {
      return { status: error.status, body: toJson({ error: error.body }), executed: error.executed };
    }
    if (error instanceof MalformedFormError) {
      const body = { error: { type: 'invalid_request_error', message: error.message } };
      return { status: 400, body: toJson(body), executed: false };
    }
    this.#deps.failed(error, requestId);
    return { ...faultOutcome({ status: 500 }), executed: false };
  }

  /** `Authorization: Bearer sk_test_...`, or Basic with the key as the user, as curl -u sends it. */
  #authenticate(request: ApiRequest): void {
    const given = keyIn(request.header('authorization') ?? '');
    if (given === '') throw unauthorized('No API key was provided: send it as a Bearer token.');
    const { secretKey } = this.#deps;
    const isRight = secretKey === undefined ? /^sk_test_\w+$/.test(given) : given === secretKey;
    if (!isRight) throw unauthorized(`Invalid API Key provided: ${given.slice(0, 8)}****`);
  }
}

async function actOut(
  fault: Fault,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<HttpAnswer | 'cut'> {
  if (fault.failure === 'cut') return 'cut';
  if (fault.failure !== 'timeout') return toAnswer({ ...faultOutcome(fault), executed: false }, headers);
  await wait(fault.delayMs, undefined, { signal }).catch(ignoreAbort);
  return 'cut';
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

function faultOutcome({ status }: { status: number }): { status: number; body: string } {
  const error =
    status === 429
      ? { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests: slow down.' }
      : { type: 'api_error', message: 'An unexpected error occurred at the local stand-in.' };
  return { status, body: toJson({ error }) };
}

function toAnswer(outcome: Outcome, headers: Record<string, string>): HttpAnswer {
  const isKept = outcome.executed && outcome.status >= 500;
  return {
    status: outcome.status,
    headers: {
      ...headers,
      ...(outcome.replayed && { 'idempotent-replayed': 'true' }),
      ...(isKept && { 'stripe-should-retry': 'false' }),
      ...(outcome.status === 429 && { 'retry-after': '1' }),
    },
    body: outcome.body,
  };
}

function headersOf(request: ApiRequest, requestId: string, key: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    'cache-control': 'no-cache, no-store',
    'request-id': requestId,
    'stripe-version': request.header('stripe-version') ?? Stripe.API_VERSION,
    ...(key !== undefined && { 'idempotency-key': key }),
  };
}

function toJson(value: unknown): string {
  return json(200, value).body;
}

function keyIn(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '';
}

function unauthorized(message: string): StripeApiError {
  return new StripeApiError({ status: 401, type: 'invalid_request_error', message });
}
