import pg from 'pg';
import { eventually } from './eventually.ts';

/** A place where connections stand still until the test lets them go on. */
export interface Barrier {
  /** Resolves once all that it holds stand there; rejects when they have not come within 10 s. */
  reached(): Promise<void>;
  /** Lets them go on; later connections do not stop there. */
  open(): void;
}

/** Where a connection is to stop. */
export interface BarrierOptions {
  /** Default `before`: the statement is not sent. `after`: it is carried out, its answer is held back. */
  readonly when?: 'before' | 'after';
  /** How many connections it holds, the first that come there; default 1. Later ones pass. */
  readonly count?: number;
}

type Query = (this: object, ...args: unknown[]) => unknown;

/** What a connection has to wait for before it sends the next statement. */
const standing = new WeakMap<object, Promise<void>>();
const gates = new Set<Gate>();
let watching = false;

/**
 * Stops connections of this process to PostgreSQL at a statement, so that a race is run in one order, always the same:
 * the first transaction is held where it has read and not yet written, the second one comes, the first goes on. What a
 * held connection sends afterwards waits behind, in its order. Services in other processes are not seen.
 *
 * @param statement found in the text of the statement as it is sent, `begin` and `commit` included.
 */
export function stopAt(statement: RegExp, { when = 'before', count = 1 }: BarrierOptions = {}): Barrier {
  watch();
  const gate = new Gate(statement, when, count);
  gates.add(gate);
  return gate;
}

/**
 * Waits until `work` is over or some session of the database waits for a lock of another one: what comes first says
 * whether the work is let through.
 *
 * @param sql runs statements in that database, on a connection that is not held.
 * @throws what the work throws.
 */
export async function doneOrBlocked(
  sql: { query(text: string): Promise<unknown> },
  work: Promise<unknown>,
): Promise<'done' | 'blocked'> {
  let outcome: 'done' | 'blocked' | undefined;
  const over = work.then(() => {
    outcome = 'done';
  });
  const seen = eventually(async () => {
    if (outcome === undefined && !(await hasWaiters(sql))) throw new Error('neither done nor blocked');
    outcome ??= 'blocked';
  });
  await Promise.race([over, seen]);
  return outcome as 'done' | 'blocked';
}

async function hasWaiters(sql: { query(text: string): Promise<unknown> }): Promise<boolean> {
  const answer = await sql.query(WAITING);
  const rows = Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows;
  return rows.length > 0;
}

const WAITING = `
  select 1 from pg_stat_activity
  where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0 limit 1`;

class Gate implements Barrier {
  readonly #statement: RegExp;
  readonly #when: 'before' | 'after';
  readonly #count: number;
  readonly #way = Promise.withResolvers<void>();
  #standing = 0;

  constructor(statement: RegExp, when: 'before' | 'after', count: number) {
    this.#statement = statement;
    this.#when = when;
    this.#count = count;
  }

  async reached(): Promise<void> {
    await eventually(() => {
      if (this.#standing < this.#count)
        throw new Error(`${this.#standing} of ${this.#count} have come to ${this.#statement}`);
    });
  }

  open(): void {
    gates.delete(this);
    this.#way.resolve();
  }

  holds(text: string): boolean {
    if (this.#standing === this.#count || text.search(this.#statement) === -1) return false;
    this.#standing += 1;
    return true;
  }

  get way(): Promise<void> {
    return this.#way.promise;
  }

  get after(): boolean {
    return this.#when === 'after';
  }
}

/** Once: the driver asks the gates before it sends anything. */
function watch(): void {
  if (watching) return;
  watching = true;
  const { prototype } = pg.Client as unknown as { prototype: { query: Query } };
  const send = prototype.query;
  prototype.query = function watched(...args) {
    const gate = gateFor(args);
    const before = standing.get(this);
    if (gate === undefined && before === undefined) return send.apply(this, args);
    const start = Promise.all([before, gate?.after === false ? gate.way : undefined]);
    const sent = start.then(() => answered(send, this, args));
    // What comes next on this connection waits for the way to be free, not for the answer: statements travel together.
    const next = Promise.all([start, gate?.way]).then(() => {
      if (standing.get(this) === next) standing.delete(this);
    });
    standing.set(this, next);
    return told(gate?.after ? Promise.allSettled([sent, gate.way]).then(() => sent) : sent, args.at(-1));
  };
}

function gateFor(args: readonly unknown[]): Gate | undefined {
  const [config] = args;
  const text = typeof config === 'string' ? config : (config as { readonly text?: unknown } | null)?.text;
  return typeof text === 'string' ? [...gates].find((gate) => gate.holds(text)) : undefined;
}

/** Carries a statement out; its answer as a promise, however the caller wants it. */
function answered(send: Query, client: object, args: readonly unknown[]): unknown {
  return send.apply(client, typeof args.at(-1) === 'function' ? args.slice(0, -1) : [...args]);
}

/** The answer as the caller wants it: by callback, or as a promise. */
function told(answer: Promise<unknown>, callback: unknown): unknown {
  if (typeof callback !== 'function') return answer;
  answer.then(
    (result) => callback(null, result),
    (error: unknown) => callback(error),
  );
  return undefined;
}
