import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Delivery, StripeEvent } from './store/records.ts';
import { type Random, shuffled } from './switches/seeded-random.ts';
import type { WebhookSwitches } from './switches/webhook-switches.ts';

/** After so many refusals (the receiver is up but does not answer 2xx) an event lets the others pass. */
const REFUSALS_IN_LINE = 5;
const MAX_WAITING = 10_000;

type Outcome = 'accepted' | 'refused' | 'unreachable';

interface Entry {
  eventId: string;
  /** Epoch in ms of the next try. */
  dueAt: number;
  tries: number;
  refusals: number;
  firstFailureAt: number | undefined;
}

export interface WebhookQueueDeps {
  switches: () => WebhookSwitches;
  random: () => Random;
  /** Undefined once the event has been forgotten. */
  eventOf: (id: string) => StripeEvent | undefined;
  /** Told when an event is through or given up. */
  settled: (id: string, delivery: Delivery) => void;
  warn: (data: object, message: string) => void;
}

/**
 * Sends events to the webhook in the order they happened, one at a time, each retried until a 2xx. The line
 * waits while the receiver is down, so nothing overtakes. Keeps ids only. Timing is by the real clock.
 */
export class WebhookQueue {
  readonly #deps: WebhookQueueDeps;
  #waiting: Entry[] = [];
  #window: Entry[] = [];
  #windowTimer: NodeJS.Timeout | undefined;
  #pumpTimer: NodeJS.Timeout | undefined;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #tries = new Set<AbortController>();
  #stopped = false;

  constructor(deps: WebhookQueueDeps) {
    this.#deps = deps;
  }

  /** Applies the switches (filter, drop, duplicate, reorder, delay) to a new event. */
  offer(event: StripeEvent): Delivery {
    const switches = this.#deps.switches();
    if (!wants(switches, event.type)) return 'held';
    if (this.#deps.random()() < switches.dropProbability) return 'dropped';
    if (this.#waiting.length + this.#window.length >= MAX_WAITING) return this.#refuseForSpace(event);
    const copies = Array.from({ length: 1 + switches.duplicates }, () =>
      newEntry(event.id, switches.delayMs),
    );
    if (switches.reorder === null) this.#enqueue(copies);
    else this.#collect(copies, switches.reorder);
    return 'pending';
  }

  /** Puts an event at the end of the line whatever the switches say. */
  redeliver(eventId: string): void {
    this.#enqueue([newEntry(eventId, 0)]);
  }

  /** Looks again at the line: to be called after a switch has changed. */
  wake(): void {
    if (this.#deps.switches().reorder === null) this.#flushWindow();
    this.#schedule(0);
  }

  get waiting(): number {
    return this.#waiting.length + this.#window.length + this.#inFlight.size;
  }

  clear(): void {
    this.#waiting = [];
    this.#window = [];
  }

  /** Cuts deliveries in flight; what was not through stays pending in the event log. */
  async stop(): Promise<void> {
    this.clear();
    clearTimeout(this.#pumpTimer);
    clearTimeout(this.#windowTimer);
    this.#stopped = true;
    for (const attempt of this.#tries) attempt.abort();
    await Promise.all(this.#inFlight);
  }

  #refuseForSpace(event: StripeEvent): Delivery {
    this.#deps.warn({ evento: event.id }, 'webhook queue is full: the event can only be redelivered by hand');
    return 'failed';
  }

  #enqueue(entries: Entry[]): void {
    this.#waiting.push(...entries);
    this.#schedule(0);
  }

  #collect(entries: Entry[], { window, withinMs }: { window: number; withinMs: number }): void {
    this.#window.push(...entries);
    if (this.#window.length >= window) this.#flushWindow();
    else this.#windowTimer ??= setTimeout(() => this.#flushWindow(), withinMs);
  }

  #flushWindow(): void {
    clearTimeout(this.#windowTimer);
    this.#windowTimer = undefined;
    const collected = this.#window;
    this.#window = [];
    this.#enqueue(shuffled(collected, this.#deps.random()));
  }

  #schedule(ms: number): void {
    clearTimeout(this.#pumpTimer);
    if (!this.#stopped) this.#pumpTimer = setTimeout(() => this.#pump(), ms);
  }

  #pump(): void {
    const { url, paused, concurrency } = this.#deps.switches();
    if (this.#stopped || paused || url === null) return;
    while (this.#inFlight.size < concurrency) {
      const entry = this.#takeDue();
      if (entry === undefined) break;
      const delivery = this.#deliver(entry, url).finally(() => {
        this.#inFlight.delete(delivery);
        this.#schedule(0);
      });
      this.#inFlight.add(delivery);
    }
    this.#sleepUntilNext();
  }

  /** The first entry that may go: an entry that is not due holds those behind it, unless it stepped aside. */
  #takeDue(): Entry | undefined {
    const now = Date.now();
    for (const [index, entry] of this.#waiting.entries()) {
      if (entry.dueAt <= now) return this.#waiting.splice(index, 1)[0];
      if (entry.refusals < REFUSALS_IN_LINE) return undefined;
    }
    return undefined;
  }

  #sleepUntilNext(): void {
    const { concurrency } = this.#deps.switches();
    if (this.#inFlight.size >= concurrency || this.#waiting.length === 0) return;
    const holding = this.#waiting.findIndex((entry) => entry.refusals < REFUSALS_IN_LINE);
    const candidates = holding === -1 ? this.#waiting : this.#waiting.slice(0, holding + 1);
    const next = candidates.reduce((soonest, entry) => Math.min(soonest, entry.dueAt), Infinity);
    this.#schedule(Math.max(1, next - Date.now()));
  }

  async #deliver(entry: Entry, url: string): Promise<void> {
    const event = this.#deps.eventOf(entry.eventId);
    if (event === undefined) return;
    const outcome = await this.#send(url, event, entry.tries === 0);
    if (this.#stopped) return;
    if (outcome === 'accepted') this.#deps.settled(event.id, 'delivered');
    else this.#retry(entry, outcome);
  }

  /** All that is thrown for a checked address (refused, reset, timed out) is cured by trying again. */
  async #send(url: string, event: StripeEvent, isFirst: boolean): Promise<Outcome> {
    const attempt = new AbortController();
    const deadline = setTimeout(() => attempt.abort(), this.#deps.switches().timeoutMs);
    this.#tries.add(attempt);
    try {
      return await this.#post(url, event, attempt.signal);
    } catch (error) {
      if (isFirst && !this.#stopped) {
        this.#deps.warn({ evento: event.id, err: error }, 'webhook receiver unreachable: will retry');
      }
      return 'unreachable';
    } finally {
      clearTimeout(deadline);
      this.#tries.delete(attempt);
    }
  }

  async #post(url: string, event: StripeEvent, signal: AbortSignal): Promise<Outcome> {
    const body = JSON.stringify(event, null, 2);
    const { secrets } = this.#deps.switches();
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signatureHeader(body, secrets, Math.floor(Date.now() / 1000)),
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    };
    const status = await post(url, headers, body, signal);
    return status >= 200 && status < 300 ? 'accepted' : 'refused';
  }

  #retry(entry: Entry, outcome: Outcome): void {
    const { retryMinMs, retryMaxMs, giveUpAfterMs } = this.#deps.switches();
    const now = Date.now();
    entry.tries += 1;
    entry.refusals += outcome === 'refused' ? 1 : 0;
    entry.firstFailureAt ??= now;
    if (now - entry.firstFailureAt >= giveUpAfterMs) {
      this.#deps.warn({ evento: entry.eventId, tentativas: entry.tries }, 'webhook given up');
      this.#deps.settled(entry.eventId, 'failed');
      return;
    }
    entry.dueAt = now + Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(entry.tries - 1, 20));
    this.#waiting.unshift(entry);
  }
}

/** Answers the status and drops the rest. Node's own client takes a fraction of what `fetch` does. */
function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, signal }, (answer) => {
      answer.once('error', reject);
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * The `Stripe-Signature` header: `t=<epoch s>,v1=<hex HMAC-SHA256 of "t.body">`, one v1 per secret.
 * Protocol: https://docs.stripe.com/webhooks/signature
 */
export function signatureHeader(body: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  );
  return [`t=${timestamp}`, ...signatures].join(',');
}

function newEntry(eventId: string, delayMs: number): Entry {
  return { eventId, dueAt: Date.now() + delayMs, tries: 0, refusals: 0, firstFailureAt: undefined };
}

function wants({ url, enabledEvents }: WebhookSwitches, type: string): boolean {
  return url !== null && (enabledEvents.includes('*') || enabledEvents.includes(type));
}
