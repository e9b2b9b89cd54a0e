/*
 * Room `workers`: what a service does beside its calls, because it is due.
 *
 * A `Worker` looks for work at once after `wake`, else at an interval, in one or more lanes. What it does is a queue in
 * which no item waits for another that fails (`one-by-one.ts`), or any other function that does a piece and says how much
 * that was. Every replica of a service runs the same workers: queues share their items by leases or row locks. All
 * workers measure the same (`worker-metrics.ts`).
 */

import { AsyncResource } from 'node:async_hooks';
import {
  DEAD_AFTER,
  type Failure,
  ProviderAwayError,
  type QueueState,
  type Work,
} from '@plataforma/domain/work-queue';
import { delay } from '../deadlines/wait.ts';
import type { Logger } from '../telemetry/logger.ts';
import { newTrail, onTrail } from '../trail/trail.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

export interface WorkerOptions {
  readonly name: string;
  readonly work: Work;
  /** Of the queue that it works on, for operators. */
  readonly state?: () => Promise<QueueState>;
  /** Items that one look takes at most. Default 1. */
  readonly batch?: number;
  /** Looks at the same time: a slow item does not hold up the other lanes. Default 1. */
  readonly lanes?: number;
  /** How often it looks for work that it was not told of. Default 1 s. */
  readonly intervalMs?: number;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  /** Between 0 and 1: what spreads the looks of several replicas. Default chance. */
  readonly random?: () => number;
}

type Job = () => Promise<void>;
type Call = 'woken' | 'interval' | Job;

const INTERVAL_MS = 1_000;
/** An interval is up to a tenth shorter. */
const JITTER = 0.1;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10_000;
/** Longer than any queue leaves an item alone whose provider is away: one that had to be asked would have been due again. */
const UNKNOWN_MS = 10 * 60_000;

/**
 * Works until nothing is due, then waits for {@link wake} or the interval. A wake-up stands for one item: it calls one
 * lane, and that lane looks once, since every further look asks the database in vain. A piece of work that never was in
 * the queue can be {@link offer}ed to a lane that rests.
 *
 * While the database or the provider is away all lanes pause together, longer each time, and a wake-up does not cut that
 * short: a busy hour must not become a storm of attempts.
 */
export class Worker {
  readonly name: string;
  readonly #options: Required<Omit<WorkerOptions, 'state'>>;
  readonly #stopping = new AbortController();
  #lanes: Promise<void>[] = [];
  /** Lanes that rest, longest first; each can be given something to do. */
  readonly #resting: Array<(call: Call) => void> = [];
  /** Wake-ups that found every lane at work, and how many of them have been answered by a look. */
  #woken = 0;
  #answered = 0;
  /** Failed looks in a row, what the last one wanted, and until when no lane looks again. */
  #troubles = 0;
  #missing: 'provider' | 'database' = 'database';
  #pausedUntil = 0;
  #unknownUntil = 0;

  constructor(options: WorkerOptions) {
    const { name, state, metrics } = options;
    this.name = name;
    this.#options = { batch: 1, lanes: 1, intervalMs: INTERVAL_MS, random: Math.random, ...options };
    metrics.watch(name, state);
  }

  async start(): Promise<void> {
    if (this.#lanes.length > 0) return;
    this.#lanes = Array.from({ length: this.#options.lanes }, () => this.#run());
  }

  /** Looks once, for one item, without having been started: whether any was due. For proofs. */
  async turn(limit = 1): Promise<boolean> {
    try {
      return (await this.#work(limit)) > 0;
    } catch (error) {
      if (error instanceof ProviderAwayError) return true;
      throw error;
    }
  }

  /** There may be one more item now. */
  wake(): void {
    const rouse = this.#resting.shift();
    if (rouse) rouse('woken');
    else this.#woken++;
  }

  /** A lane that rests does this piece of work now, for who offers it; undefined when none does. */
  offer<T>(work: () => Promise<T>): Promise<T> | undefined {
    const rouse = this.#resting.shift();
    if (!rouse) return undefined;
    const done = Promise.withResolvers<T>();
    const theirs = AsyncResource.bind(work);
    rouse(() => theirs().then(done.resolve, done.reject));
    return done.promise;
  }

  /** Finishes what is in hand and takes no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const rouse of this.#resting.splice(0)) rouse('woken');
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    const { batch } = this.#options;
    // Not put off by wake-ups, each of which does one item only: a busy time must not keep a backlog from being done.
    let dueAt = 0;
    // At the start, at each interval and after a failure there may be more than the worker was told of.
    let untilEmpty = true;
    for (;;) {
      await this.#pause();
      if (this.#stopping.signal.aborted) return;
      const done = await this.#look();
      if (done === undefined) {
        untilEmpty = true;
        continue;
      }
      const full = done >= batch;
      untilEmpty &&= full;
      if (!full) dueAt = this.#nextInterval();
      // A full batch has told nothing of what else is due; a single item is what the wake-up stood for.
      if (this.#owes() || untilEmpty || (full && batch > 1)) continue;
      untilEmpty = (await this.#called(dueAt)) === 'interval';
    }
  }

  /** How many items were due; undefined when the look failed. */
  async #look(): Promise<number | undefined> {
    const before = this.#woken;
    try {
      const done = await this.#work(this.#options.batch);
      if (done < this.#options.batch) this.#answered = Math.max(this.#answered, before);
      this.#worked(done);
      return done;
    } catch (error) {
      this.#trouble(error);
      return undefined;
    }
  }

  #work(limit: number): Promise<number> {
    const { name, work } = this.#options;
    return onTrail(newTrail({ type: 'system', id: name }), () =>
      work(limit, (failure) => this.#failed(failure)),
    );
  }

  /** Whether there is a wake-up that no look has answered; this one does. */
  #owes(): boolean {
    if (this.#woken === this.#answered) return false;
    this.#answered++;
    return true;
  }

  /** Rests, and does what is offered, until it is time to look: what waits in the queue must not wait for a lull. */
  async #called(dueAt: number): Promise<'woken' | 'interval'> {
    for (;;) {
      if (performance.now() >= dueAt) return 'interval';
      const call = await this.#rest(dueAt - performance.now());
      if (typeof call === 'string') return call;
      await call();
      if (this.#owes()) return 'woken';
    }
  }

  #nextInterval(): number {
    const { intervalMs, random } = this.#options;
    return performance.now() + intervalMs * (1 - random() * JITTER);
  }

  #rest(ms: number): Promise<Call> {
    if (this.#stopping.signal.aborted) return Promise.resolve('woken');
    return new Promise((resolve) => {
      const leave = (call: Call) => {
        clearTimeout(timer);
        const place = this.#resting.indexOf(leave);
        if (place >= 0) this.#resting.splice(place, 1);
        resolve(call);
      };
      const timer = setTimeout(() => leave('interval'), ms);
      this.#resting.push(leave);
    });
  }

  #pause(): Promise<void> {
    const ms = this.#pausedUntil - performance.now();
    return ms > 0 ? delay(ms, this.#stopping.signal) : Promise.resolve();
  }

  #worked(done: number): void {
    // With nothing due no look has asked the provider how it is.
    const asked = done > 0 || performance.now() >= this.#unknownUntil;
    const unknown = this.#troubles > 0 && this.#missing === 'provider' && !asked;
    if (unknown) {
      this.#pauseAgain();
      return;
    }
    if (this.#troubles > 0) this.#options.logger.info({ worker: this.name }, 'works again');
    this.#troubles = 0;
    this.#options.metrics.succeeded(this.name);
  }

  /** The first one of a row is for people, the others are for whoever looks closely. */
  #trouble(error: unknown): void {
    const { logger, metrics } = this.#options;
    const missing = error instanceof ProviderAwayError ? 'provider' : 'database';
    const first = this.#troubles === 0 || this.#missing !== missing;
    this.#missing = missing;
    this.#unknownUntil = performance.now() + UNKNOWN_MS;
    metrics.failed(this.name);
    const context = { err: error, worker: this.name, falta: missing };
    logger[first ? 'error' : 'debug'](context, 'cannot work now, trying on');
    // What fails in several lanes at once is one trouble.
    if (performance.now() < this.#pausedUntil) return;
    this.#troubles++;
    this.#pauseAgain();
  }

  #pauseAgain(): void {
    const { intervalMs, random } = this.#options;
    const most = Math.max(MAX_PAUSE_MS, intervalMs);
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#troubles - 1, 20), most);
    this.#pausedUntil = performance.now() + pauseMs * (1 - random() * JITTER);
  }

  /** Of an item that fails again and again people hear when it begins, and when it is dead. */
  #failed({ error, ...putOff }: Failure): void {
    const { logger, metrics } = this.#options;
    metrics.failed(this.name);
    const context = { err: error, worker: this.name, ...putOff };
    const { failures, givenUp } = putOff;
    if (givenUp || failures === DEAD_AFTER) logger.error(context, 'item is dead, somebody has to look why');
    else logger[failures === 1 ? 'error' : 'debug'](context, 'item failed and is put off, the others go on');
  }
}
