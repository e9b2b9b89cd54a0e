import { randomUUID } from 'node:crypto';

/** An answer that is not 2xx, with what the API said about it. */
export class RestError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${typeof body === 'string' ? body : JSON.stringify(body)}`);
    this.name = 'RestError';
    this.status = status;
    this.body = body;
  }
}

/** An answer of the REST API: its status, and the body read from JSON. */
export interface RestAnswer<T> {
  readonly status: number;
  readonly body: T;
}

const TIMEOUT_MS = 15_000;

/** A caller of the REST API, with or without a token. */
export class RestClient {
  readonly #baseUrl: string;
  readonly #token: string | undefined;

  constructor(baseUrl: string, token?: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /** The same caller with a token. */
  as(token: string): RestClient {
    return new RestClient(this.#baseUrl, token);
  }

  /** @throws RestError when the answer is not 2xx. */
  get<T>(path: string): Promise<RestAnswer<T>> {
    return this.#send('GET', path);
  }

  /**
   * Each call carries an idempotency key of its own unless one is given.
   *
   * @throws RestError when the answer is not 2xx.
   */
  post<T>(path: string, body: unknown, idempotencyKey: string = randomUUID()): Promise<RestAnswer<T>> {
    return this.#send('POST', path, body, { 'idempotency-key': idempotencyKey });
  }

  /** @throws RestError when the answer is not 2xx. */
  delete<T>(path: string): Promise<RestAnswer<T>> {
    return this.#send('DELETE', path);
  }

  async #send<T>(
    method: string,
    path: string,
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<RestAnswer<T>> {
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...extra,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const parsed = parse(text);
    if (!response.ok) throw new RestError(`${method} ${path}`, response.status, parsed);
    return { status: response.status, body: parsed as T };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
