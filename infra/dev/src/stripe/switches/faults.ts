/**
 * An API failure to be acted out on the next calls that match.
 *
 * - `error`: answers `status` (default 500) in Stripe's shape; `rate_limit`: answers 429.
 * - `timeout`: never answers (holds the connection `delayMs`, default 120 s, then cuts it).
 * - `cut`: closes the connection. `torn`: has its effect and closes the connection half-way through the answer.
 * - `slow`: waits `delayMs` with the idempotency key in use, then goes on.
 */
export interface Fault {
  /** Path of the API; `*` stands for one segment: `/v1/checkout/sessions/*` + `/expire`. */
  path: string;
  /** Any when absent. */
  method?: string;
  failure: 'error' | 'rate_limit' | 'timeout' | 'cut' | 'torn' | 'slow';
  /** `after`: the call has its effect, only the answer is lost. Ignored by `torn` and `slow`. Default `before`. */
  when: 'before' | 'after';
  /** Matching calls still to be hit. */
  times: number;
  status: number;
  delayMs: number;
  /** With `error`: the 500 itself is kept under the idempotency key and replayed, as Stripe may do. */
  sticky: boolean;
}

export class InvalidSwitchError extends Error {
  override readonly name = 'InvalidSwitchError';
}

const FAILURES = ['error', 'rate_limit', 'timeout', 'cut', 'torn', 'slow'] as const;
const MAX_FAULTS = 100;

/** Fills in the defaults. Throws InvalidSwitchError naming the first wrong field. */
function faultFrom(input: Partial<Fault>): Fault {
  check(typeof input === 'object' && input !== null, 'a fault must be an object');
  check(typeof input.path === 'string', 'path must be a text');
  check(input.method === undefined || typeof input.method === 'string', 'method must be a text');
  check(input.sticky === undefined || typeof input.sticky === 'boolean', 'sticky must be true or false');
  const fault: Fault = {
    path: input.path ?? '',
    failure: input.failure ?? 'error',
    when: input.when ?? 'before',
    times: input.times ?? 1,
    status: input.status ?? (input.failure === 'rate_limit' ? 429 : 500),
    delayMs: input.delayMs ?? (input.failure === 'timeout' ? 120_000 : 1000),
    sticky: input.sticky ?? false,
    ...(input.method !== undefined && { method: input.method.toUpperCase() }),
  };
  check(fault.path.startsWith('/v1/'), 'path must start with /v1/');
  check(FAILURES.includes(fault.failure), `failure must be one of ${FAILURES.join(', ')}`);
  check(fault.when === 'before' || fault.when === 'after', 'when must be before or after');
  check(!fault.sticky || fault.failure === 'error', 'only an error can be sticky');
  check(isBetween(fault.times, 1, 1_000_000), 'times must be an integer from 1');
  check(isBetween(fault.status, 400, 599), 'status must be from 400 to 599');
  check(isBetween(fault.delayMs, 0, 600_000), 'delayMs must be from 0 to 600000');
  return fault;
}

/** The armed failures; the first that matches a call is used up by one. */
export class Faults {
  #armed: Fault[] = [];

  add(input: Partial<Fault>): Fault {
    check(this.#armed.length < MAX_FAULTS, `at most ${MAX_FAULTS} faults at a time`);
    const fault = faultFrom(input);
    this.#armed.push(fault);
    return { ...fault };
  }

  /** All or nothing: a wrong one leaves the armed faults as they were. */
  replace(inputs: Partial<Fault>[]): void {
    check(
      Array.isArray(inputs) && inputs.length <= MAX_FAULTS,
      `faults must be a list of at most ${MAX_FAULTS}`,
    );
    this.#armed = inputs.map(faultFrom);
  }

  clear(): void {
    this.#armed = [];
  }

  list(): Fault[] {
    return this.#armed.map((fault) => ({ ...fault }));
  }

  take(method: string, path: string): Fault | undefined {
    const hit = this.#armed.find((fault) => matches(fault, method, path));
    if (hit === undefined) return undefined;
    hit.times -= 1;
    this.#armed = this.#armed.filter((fault) => fault.times > 0);
    return { ...hit };
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  const wanted = fault.path.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, i) => part === '*' || part === given[i]);
}

function isBetween(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}

function check(ok: boolean, message: string): void {
  if (!ok) throw new InvalidSwitchError(message);
}
