import { randomUUID } from 'node:crypto';
import { claimsOf } from '../access/scene.ts';
import {
  type Json,
  OPERATIONS,
  type Operation,
  type Received,
  wrongAnswer,
  wrongRequest,
} from './document.ts';

/** What is sent, beside what the operation itself says. */
export interface Call {
  /** Whose token it bears. */
  readonly as?: { readonly token: string } | undefined;
  readonly path?: Json;
  readonly query?: Json;
  /** Becomes JSON, or a form where the operation takes one; a text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it is sent a second time under its key, to be answered from the effect of the first. */
  readonly again?: boolean;
}

/** A call and what came of it. */
export interface Exchange {
  readonly operation: Operation;
  readonly call: Call;
  readonly answer: Received;
  /** Of a refusal. */
  readonly reason: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** Calls operations by their names, keeps what was said, and notes where an answer is not as documented. */
export class Driver {
  readonly exchanges: Exchange[] = [];
  readonly faults: string[] = [];
  readonly #edgeUrl: string;
  /** Keys that have an effect, by whose they are and the service that they were used with. */
  readonly #used: Map<string, { readonly key: string; readonly operation: string }>;

  constructor(edgeUrl: string, before?: Driver) {
    this.#edgeUrl = edgeUrl;
    this.#used = before === undefined ? new Map() : before.#used;
  }

  /** One that knows the same keys, for what happens beside; {@link add} it when it is over. */
  beside(): Driver {
    return new Driver(this.#edgeUrl, this);
  }

  /** What another one has heard. */
  add({ exchanges, faults }: Driver): void {
    this.exchanges.push(...exchanges);
    this.faults.push(...faults);
  }

  /**
   * Calls what is to succeed. A mutation bears an idempotency key; where one of the caller's has had an effect before, it is tried
   * first, which is to be refused.
   */
  async ok<T = Record<string, never>>(id: string, call: Call = {}): Promise<T> {
    const operation = operationNamed(id);
    if (call.body !== undefined) this.#note(operation, wrongRequest(operation, call.body));
    const whose = `${operation.servico} ${call.as && claimsOf(call.as.token).sub}`;
    const keyed = operation.keyed && call.as !== undefined;
    const used = this.#used.get(whose);
    const reused = 'CHAVE_IDEMPOTENCIA_REUTILIZADA';
    if (keyed && used !== undefined && used.operation !== id && !this.#has(id, reused))
      await this.refused(id, reused, withKey(call, used.key));
    const key = randomUUID();
    const answer = await this.call(id, keyed ? withKey(call, key) : call);
    if (answer.status >= 300) this.#note(operation, [`was to succeed: ${told(answer)}`]);
    if (keyed && call.again) {
      const again = await this.call(id, withKey(call, key));
      if (again.headers.get('idempotency-replayed') !== 'true')
        this.#note(operation, [`the same again was not the same: ${told(again)}`]);
      this.#used.set(whose, { key, operation: id });
    }
    return answer.body as T;
  }

  /** Calls what is to be refused for this reason. */
  async refused(id: string, reason: string, call: Call = {}): Promise<Received> {
    const answer = await this.call(id, call);
    if (reasonIn(answer) !== reason)
      this.#note(operationNamed(id), [`was to be refused as ${reason}: ${told(answer)}`]);
    return answer;
  }

  /** Calls, and checks the answer by the document. */
  async call(id: string, call: Call = {}): Promise<Received> {
    const operation = operationNamed(id);
    const answer = await send(this.#edgeUrl, operation, call);
    this.#note(operation, wrongAnswer(operation, answer));
    this.exchanges.push({ operation, call, answer, reason: reasonIn(answer) });
    return answer;
  }

  #has(id: string, reason: string): boolean {
    return this.exchanges.some((one) => one.operation.id === id && one.reason === reason);
  }

  #note({ id }: Operation, wrong: readonly string[]): void {
    this.faults.push(...wrong.map((what) => `${id}: ${what}`));
  }
}

function operationNamed(id: string): Operation {
  const operation = OPERATIONS.get(id);
  if (operation === undefined) throw new Error(`no document knows ${id}`);
  return operation;
}

const withKey = (call: Call, key: string): Call => ({
  ...call,
  headers: { ...call.headers, 'idempotency-key': key },
});

const told = ({ status, body }: Received) => `${status} ${JSON.stringify(body)}`;

function reasonIn({ status, body }: Received): string | undefined {
  return status < 400 ? undefined : ((body as { reason?: string } | null)?.reason ?? String(status));
}

async function send(edgeUrl: string, operation: Operation, call: Call): Promise<Received> {
  const { verb, bodyType } = operation;
  const body = call.body === undefined && bodyType === 'application/json' ? {} : call.body;
  const response = await fetch(edgeUrl + addressOf(operation, call), {
    method: verb.toUpperCase(),
    headers: {
      ...(body === undefined ? {} : { 'content-type': bodyType ?? 'application/json' }),
      ...(call.as === undefined ? {} : { authorization: `Bearer ${call.as.token}` }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body: written(body, bodyType) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function addressOf({ path }: Operation, call: Call): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(call.path?.[name] ?? 'nenhum')),
  );
  const query = new URLSearchParams(
    Object.entries(call.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function written(body: unknown, type: string | undefined): string {
  if (typeof body === 'string') return body;
  if (type !== 'application/x-www-form-urlencoded') return JSON.stringify(body);
  return new URLSearchParams(body as Record<string, string>).toString();
}
