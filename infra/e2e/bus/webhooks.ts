import { STRIPE_EVENTS } from '@plataforma/dev/stack/stripe-events';
import type { Random } from '@plataforma/dev/stripe/switches/seeded-random';
import { signatureHeader } from '@plataforma/dev/stripe/webhooks';
import { delay } from '@plataforma/runtime/wait';
import type { Cluster, Replica } from './cluster.ts';

const LOOK_MS = 50;
const MAX_LAG_MS = 1_500;
const DEADLINE_MS = 3_000;
const AGAIN_MS = 500;

/**
 * Carries every webhook to both replicas of pagamentos at the same moment, some of them late, so that others overtake
 * them; again and again until one has taken it, as Stripe does.
 */
export class DoubledWebhooks {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #end = new AbortController();
  readonly #deliveries = new Set<Promise<void>>();
  readonly #fresh = new Map<string, number>();
  #seen = 0;
  #looping: Promise<void> | undefined;
  /** Events that both replicas took at the same moment. */
  toBoth = 0;
  /** Events that more than one answer called new. */
  get newTwice(): string[] {
    return [...this.#fresh].filter(([, times]) => times > 1).map(([id]) => id);
  }

  constructor(cluster: Cluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  start(): void {
    this.#looping = this.#loop();
  }

  /** Whether all that Stripe has said has been taken. */
  get upToDate(): boolean {
    return this.#deliveries.size === 0 && this.#seen === this.#cluster.servers.stripe.control.events().length;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#looping;
    await Promise.all(this.#deliveries);
  }

  async #loop(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const events = this.#cluster.servers.stripe.control.events();
      for (const { event } of events.slice(this.#seen)) this.#dispatch(event);
      this.#seen = events.length;
      await delay(LOOK_MS, this.#end.signal);
    }
  }

  #dispatch(event: { readonly id: string; readonly type: string }): void {
    if (!STRIPE_EVENTS.includes(event.type)) return;
    const lag = this.#random() < 0.5 ? 0 : this.#random() * MAX_LAG_MS;
    const delivery = this.#deliver(event, lag).finally(() => this.#deliveries.delete(delivery));
    this.#deliveries.add(delivery);
  }

  async #deliver(event: { readonly id: string }, lag: number): Promise<void> {
    await delay(lag, this.#end.signal);
    const replicas = this.#cluster.replicas.filter(({ service }) => service === 'pagamentos');
    while (!this.#end.signal.aborted) {
      const taken = (await Promise.all(replicas.map((replica) => this.#knock(replica, event)))).filter(
        Boolean,
      ).length;
      if (taken === replicas.length) this.toBoth += 1;
      if (taken > 0) return;
      await delay(AGAIN_MS, this.#end.signal);
    }
  }

  /** Whether the replica says that it has it. */
  async #knock({ http }: Replica, event: { readonly id: string }): Promise<boolean> {
    const body = JSON.stringify(event);
    const secrets = [this.#cluster.servers.secrets.webhookSecret];
    const signature = signatureHeader(body, secrets, Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(`${http}/api/v1/webhooks/stripe`, {
        ...{ method: 'POST', body, signal: AbortSignal.timeout(DEADLINE_MS) },
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      });
      if (!response.ok) return false;
      const { duplicate } = (await response.json()) as { readonly duplicate: boolean };
      if (!duplicate) this.#fresh.set(event.id, (this.#fresh.get(event.id) ?? 0) + 1);
      return true;
    } catch {
      return false;
    }
  }
}
