import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { PermanentError } from '@plataforma/runtime/event-message';
import type { Encounters } from './encounters.ts';
import { type Rig, SERVICES, type Service } from './rig.ts';

/** Whose message it is, and which: what tells its copies from other messages. */
interface Message {
  readonly label: string;
  readonly id: string;
  /** The aggregate whose events these are, as one consumer hears of it; webhooks have none. */
  readonly agregado?: { readonly key: string; readonly versao: number };
  carry(): Promise<void>;
}

/** One copy of an event or a webhook on its way. */
export interface Delivery extends Message {
  /** The step of the run at which it was sent. */
  readonly postedAt: number;
  /** It was lost, and sent again. */
  lost: boolean;
  /** It waits until all newer ones of its aggregate have come. */
  held: boolean;
  /** The events of its aggregate come newest first. */
  readonly newestFirst: boolean;
  /** What has been tried on it so far. */
  failures: number;
  /** Not to be carried before this step of the run. Infinity: lost, until it is sent again. */
  step: number;
  /** Nor before this instant. */
  notBefore: number;
}

/** How many copies of a message there are, and at which steps they come. */
export type Itinerary = () => readonly number[];

/** Whether a consumer gets the events of an aggregate newest first. */
export type NewestFirst = (key: string) => boolean;

interface OutboxRow {
  readonly posicao: string;
  readonly id: string;
  readonly tipo: string;
  readonly agregado: string;
  readonly versao: number;
  readonly subject: string;
  readonly payload: JsonValue;
}

const PUBLISHED = `
  select posicao, id, agregado_tipo as tipo, agregado_id as agregado, agregado_versao as versao, assunto as subject, payload
  from outbox where posicao > $1 order by posicao`;

const FOLLOWED = 'select reserva_id, xmin::text as versao from reservas order by reserva_id';

/** Waits of a consumer between the deliveries of an event that fails; after the last it is a dead letter. */
const WAITS_MS = [1_000, 2_000, 4_000];
/** A message that takes more steps of a run than this is late. */
const PUNCTUAL = 12;

/**
 * Stands between the outboxes, Stripe and those who listen to them. What it carries, how often and when, is told; what of
 * it was out of the ordinary, it counts.
 */
export class Courier {
  readonly #rig: Rig;
  readonly #read: Record<Service, string> = { reservas: '0', pagamentos: '0', notificacoes: '0' };
  #webhooksRead = 0;
  #underway: Delivery[] = [];
  /** Messages that were carried in this run, and the latest version that a consumer has seen of an aggregate. */
  readonly #carried = new Map<string, Message>();
  readonly #seen = new Map<string, number>();
  /** How many messages about each aggregate are being taken in at this moment. */
  readonly #inHand = new Map<string, number>();
  /** Events that were given up, and why. */
  readonly dead: string[] = [];

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  /** Everything on its way. */
  get underway(): readonly Delivery[] {
    return this.#underway;
  }

  /** Forgets what is on its way and what is not collected yet: the next run has nothing to do with it. */
  async forget(): Promise<void> {
    await this.collect(0, () => []);
    this.#underway = [];
    this.dead.length = 0;
    this.#carried.clear();
    this.#seen.clear();
  }

  /**
   * Takes what was published since.
   *
   * @param now the step of the run
   * @param fromStripe when webhooks come, if not as events do
   * @param newestFirst what is held back until {@link releaseNewest}
   */
  async collect(
    now: number,
    itinerary: Itinerary,
    fromStripe: Itinerary = itinerary,
    newestFirst: NewestFirst = () => false,
  ): Promise<void> {
    const read = await Promise.all(
      SERVICES.map((service) => this.#rig.query<OutboxRow>(service, PUBLISHED, [this.#read[service]])),
    );
    for (const [i, service] of SERVICES.entries()) {
      for (const row of read[i] ?? [])
        for (const message of this.#messages(row)) this.#post(message, now, itinerary, newestFirst);
      this.#read[service] = read[i]?.at(-1)?.posicao ?? this.#read[service];
    }
    const events = this.#rig.stripe.events();
    for (const { event } of events.slice(this.#webhooksRead)) {
      const carry = () => this.#rig.webhook(event);
      this.#post({ label: event.type, id: event.id, carry }, now, fromStripe);
    }
    this.#webhooksRead = events.length;
  }

  /** Carries one copy. An event that fails comes again after a while, and is given up as its consumer would. */
  async deliver(delivery: Delivery, now: number, encounters: Encounters): Promise<void> {
    this.#underway = this.#underway.filter((other) => other !== delivery);
    this.#count(delivery, now, encounters);
    const key = delivery.agregado?.key ?? delivery.id;
    const together = (this.#inHand.get(key) ?? 0) + 1;
    if (together > 1) encounters.count('message: at the same time as another of its aggregate');
    this.#inHand.set(key, together);
    try {
      await delivery.carry();
    } catch (error) {
      const wait = error instanceof PermanentError ? undefined : WAITS_MS[delivery.failures];
      if (wait === undefined) this.dead.push(`${delivery.label}: ${error}`);
      else {
        const notBefore = this.#rig.clock.now().getTime() + wait;
        this.#underway.push({ ...delivery, failures: delivery.failures + 1, notBefore });
      }
    } finally {
      this.#inHand.set(key, (this.#inHand.get(key) ?? 1) - 1);
    }
  }

  /**
   * Every event comes once more to notificacoes, as from a stream that is read anew. It keeps note of messages and passes
   * over them, so that nothing at all is written.
   */
  async everythingAgain(): Promise<void> {
    const before = await this.#followed();
    for (const { agregado, carry, label } of this.#carried.values())
      if (agregado?.key.includes(' notificacoes-'))
        await carry().catch((error) => this.dead.push(`${label}, once more: ${error}`));
    if ((await this.#followed()) !== before)
      this.dead.push('notificacoes took in what it had taken in before');
  }

  /** What notificacoes keeps of reservations, by the version of each row. */
  async #followed(): Promise<string> {
    return JSON.stringify(await this.#rig.query('notificacoes', FOLLOWED, []));
  }

  /** What was lost is sent again. */
  resendLost(): void {
    for (const delivery of this.#underway) {
      if (delivery.held || delivery.step !== Number.POSITIVE_INFINITY) continue;
      delivery.step = 0;
      delivery.lost = true;
    }
  }

  /** Of each aggregate whose events are held back the newest one may go; false when there is none. */
  releaseNewest(): boolean {
    const held = this.#underway.filter(({ held }) => held);
    const latest = new Map<string, number>();
    for (const { agregado } of held)
      if (agregado) latest.set(agregado.key, Math.max(latest.get(agregado.key) ?? 0, agregado.versao));
    for (const delivery of held)
      if (delivery.agregado?.versao === latest.get(delivery.agregado?.key ?? ''))
        Object.assign(delivery, { held: false, step: 0 });
    return held.length > 0;
  }

  #count(delivery: Delivery, now: number, encounters: Encounters): void {
    const { id, postedAt, lost, failures, agregado, newestFirst } = delivery;
    if (failures > 0) {
      encounters.count('message: failed, and came again');
      return;
    }
    if (lost) encounters.count('message: lost, and sent again');
    else if (now - postedAt > PUNCTUAL) encounters.count('message: late');
    if (this.#carried.has(id)) encounters.count('message: a copy of one that had come');
    const first = !this.#carried.has(id);
    this.#carried.set(id, delivery);
    if (!first || !agregado) return;
    const seen = this.#seen.get(agregado.key) ?? 0;
    if (agregado.versao < seen)
      encounters.count(
        `message: ${newestFirst ? 'newest first, after all newer ones' : 'after a newer one'} of its aggregate`,
      );
    this.#seen.set(agregado.key, Math.max(seen, agregado.versao));
  }

  #post(message: Message, now: number, itinerary: Itinerary, newestFirst: NewestFirst = () => false): void {
    const held = message.agregado !== undefined && newestFirst(message.agregado.key);
    const fresh = { ...message, postedAt: now, lost: false, failures: 0, notBefore: 0 };
    for (const step of itinerary()) this.#underway.push({ ...fresh, step, held, newestFirst: held });
  }

  /** One for each consumer that cares. */
  #messages(row: OutboxRow): Message[] {
    const listeners = SERVICES.flatMap((service) => this.#rig.serviceParts[service].consumers ?? []);
    return listeners.flatMap((listener) => {
      const carry = this.#carryTo(listener, row);
      if (!carry) return [];
      const { durable } = listener;
      const label = `${row.subject} v${row.versao} -> ${durable}`;
      const agregado = { key: `${row.agregado} ${durable}`, versao: row.versao };
      return [{ label, id: `${row.id} ${durable}`, agregado, carry }];
    });
  }

  /** Undefined when this consumer does not care. */
  #carryTo({ filter, on }: ConsumeOptions, row: OutboxRow): (() => Promise<void>) | undefined {
    if (!row.subject.startsWith(filter.replace('>', ''))) return undefined;
    const subscription = on.find(({ schema }) => schema.typeName === row.subject);
    if (subscription === undefined) return undefined;
    const { id, subject, tipo, agregado, versao } = row;
    const meta = {
      id,
      subject,
      agregado: { tipo, id: agregado, versao },
      ocorridoEm: this.#rig.clock.now(),
      entrega: 1,
    };
    return () =>
      subscription.handle(fromJson(subscription.schema, row.payload, { ignoreUnknownFields: true }), meta);
  }
}
