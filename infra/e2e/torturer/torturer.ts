import { type Random, seededRandom } from '@plataforma/dev/stripe/switches/seeded-random';
import type { Background } from '@plataforma/runtime/service';
import { compare } from '../books/comparison.ts';
import { readBooks } from '../books/read-books.ts';
import { START } from './acts.ts';
import { Courier, type Delivery, type Itinerary } from './courier.ts';
import { Encounters } from './encounters.ts';
import { armFaults, countFaults } from './faults.ts';
import { endOf, finalState } from './final-state.ts';
import { type Rig, SERVICES } from './rig.ts';
import type { Scenario, ScenarioEnd } from './scenarios/scenario.ts';
import { type Cast, look, newCast, type Stage } from './stage.ts';

/** How a run ended. */
export interface RunEnd {
  /** What must be the same whatever the schedule. */
  readonly state: unknown;
  /** What a quiet run has to come to. */
  readonly end: ScenarioEnd;
  /** What does not fit among the books, and events that were given up. */
  readonly problems: readonly string[];
  /** What was done, in order, for the reader who looks for the reason. */
  readonly steps: readonly string[];
  /** What was out of the ordinary, and how often. */
  readonly encounters: Encounters;
}

/** Which work is done next. */
type Action = { readonly label: string; act(): Promise<unknown> };

const MAX_STEPS = 1_500;
/** Until nothing that waits for a time can still be waiting: retries, leases, the next look at a refund or a dispute. */
const WAITS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 700];
/** And what came of the last wait has to come to rest, too. */
const LATER_WAITS_S = [1, 5, 30, 60, 1, 5, 30, 60];
/** In the end events are held back for so many of these waits: newer ones may still come of them. */
const HELD_UNTIL = 4;
/** One seed of so many has events come newest first: in each scenario another, so that any one seed has it in some. */
const REVERSE_EVERY = 3;

/** Carries one scenario after the other through the services, quietly or at random. */
export class Torturer {
  readonly #rig: Rig;
  readonly #courier: Courier;
  #runs = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#courier = new Courier(rig);
  }

  /**
   * @param seed undefined: every message once, in order, at once.
   * @param deaf no webhook comes before all else is over: what Stripe did has to be found out by asking.
   */
  async run(scenario: Scenario, seed: number | undefined, { deaf = false } = {}): Promise<RunEnd> {
    const options = { seed, deaf, number: ++this.#runs };
    const run = new Run(this.#rig, this.#courier, scenario, options);
    await this.#courier.forget();
    try {
      return await run.toTheEnd();
    } catch (cause) {
      const steps = run.steps.join('\n');
      throw new Error(`"${scenario.name}", seed ${seed}: ${cause}\nStep by step:\n${steps}`, { cause });
    }
  }
}

interface Options {
  readonly seed: number | undefined;
  readonly deaf: boolean;
  readonly number: number;
}

class Run {
  readonly #rig: Rig;
  readonly #courier: Courier;
  readonly #scenario: Scenario;
  readonly #random: Random | undefined;
  readonly #cast: Cast;
  readonly #jobs: readonly Action[];
  readonly #encounters = new Encounters();
  readonly #reverses: boolean;
  /** Of which aggregates a consumer gets the events newest first. */
  readonly #reversed = new Map<string, boolean>();
  #deaf: boolean;
  #espacoId = '';
  /** What was done so far. */
  readonly steps: string[] = [];

  constructor(rig: Rig, courier: Courier, scenario: Scenario, { seed, deaf, number }: Options) {
    this.#rig = rig;
    this.#courier = courier;
    this.#scenario = scenario;
    this.#random = seed === undefined ? undefined : seededRandom(seed ^ digest(scenario.name));
    this.#deaf = deaf;
    this.#reverses = seed !== undefined && (seed + scenario.name.length) % REVERSE_EVERY === 0;
    this.#cast = newCast(number);
    this.#jobs = SERVICES.flatMap((service) =>
      (rig.serviceParts[service].background ?? []).flatMap((work) => {
        const label = `${service}: ${work.name}`;
        // What is over is deleted by the clock of the database.
        const turns = work.turn && work.name !== 'purge';
        return turns ? [{ label, act: () => this.#workOn(label, work) }] : [];
      }),
    );
  }

  async toTheEnd(): Promise<RunEnd> {
    const { clock, stripe, webhooks } = this.#rig;
    const random = this.#random;
    clock.set(START);
    webhooks.takesAtOnce = () => random === undefined || random() < 0.5;
    webhooks.onHandled = () => this.#encounters.count('webhook: dealt with as it came');
    stripe.clearFaults();
    stripe.set({ refunds: { mode: 'succeeded' } });
    await Promise.all(Object.values(this.#cast).map((clienteId) => this.#rig.cadastrar(clienteId)));
    this.#espacoId = await this.#rig.novoEspaco();
    const { before, inHours, how, steps } = this.#scenario;
    const clienteId = this.#cast.ana;
    await before?.(this.#rig, this.#cast);
    const armed = armFaults(stripe, random);
    const connected = random === undefined || random() < 0.5;
    await this.#rig.reservar({ espacoId: this.#espacoId, clienteId, inHours }, { ...how, connected });
    for (const step of steps) await this.#whenPossible(step);
    await this.#settle();
    countFaults(stripe, armed, this.#encounters);
    return this.#report();
  }

  async #report(): Promise<RunEnd> {
    const stage = await this.#stage();
    const books = await readBooks(
      this.#rig,
      stage.scenes.map(({ reservaId }) => reservaId),
    );
    return {
      state: await finalState(this.#rig, stage, books),
      end: endOf(stage, books),
      problems: [...compare(books), ...this.#courier.dead],
      steps: this.steps,
      encounters: this.#encounters,
    };
  }

  #stage(): Promise<Stage> {
    return look(this.#rig, { espacoId: this.#espacoId, cast: this.#cast });
  }

  async #whenPossible(step: Scenario['steps'][number]): Promise<void> {
    for (let n = 0; n < MAX_STEPS; n++) {
      const stage = await this.#stage();
      if (step.when(stage)) {
        this.steps.push('--- the scenario goes on');
        await step.act(stage);
        return;
      }
      await this.#advance(n);
    }
    throw new Error(`the scenario does not go on after ${MAX_STEPS} steps`);
  }

  /** One step: quietly the next thing that there is to do, else anything that could happen now. */
  async #advance(n: number): Promise<void> {
    const now = this.steps.length;
    await this.#collect();
    if (!this.#random) return this.#everythingOnce();
    const ready = this.#ready(now);
    if (ready.length === 0 && n % 10 === 9) this.#stir();
    const howMany = this.#random() < 0.2 ? 3 : 1;
    const actions = Array.from({ length: howMany }, () => this.#draw(ready));
    this.steps.push(actions.map(({ label }) => label).join(' || '));
    if (new Set(actions.map(({ label }) => label)).size > 1) this.#encounters.count('steps: side by side');
    await Promise.all(actions.map((action) => action.act()));
  }

  /** Nothing is to come soon: what was lost is sent again, and what was held back comes when nothing else will. */
  #stir(): void {
    if (this.#courier.underway.every(({ held }) => held)) this.#courier.releaseNewest();
    else this.#courier.resendLost();
  }

  async #workOn(label: string, work: Pick<Background, 'turn'>): Promise<boolean> {
    const did = (await work.turn?.()) ?? false;
    const amid = this.#random && this.#courier.underway.length > 0;
    if (did && amid) this.#encounters.count(`worker amid messages: ${label}`);
    return did;
  }

  #draw(ready: Delivery[]): Action {
    const random = this.#random as Random;
    const luck = random();
    const [delivery] = luck < 0.6 ? ready.splice(Math.floor(random() * ready.length), 1) : [];
    if (delivery) return { label: delivery.label, act: () => this.#deliver(delivery) };
    if (luck > 0.9) return this.#pass(Math.ceil(random() * 20));
    return this.#jobs[Math.floor(random() * this.#jobs.length)] as Action;
  }

  #deliver(delivery: Delivery): Promise<void> {
    return this.#courier.deliver(delivery, this.steps.length, this.#encounters);
  }

  #pass(seconds: number): Action {
    const act = async () => this.#rig.clock.advance(seconds * 1_000);
    return { label: `${seconds} s pass`, act };
  }

  async #everythingOnce(): Promise<void> {
    for (const delivery of this.#courier.underway.filter(({ step }) => step === 0)) {
      this.steps.push(delivery.label);
      await this.#deliver(delivery);
    }
    for (const job of this.#jobs) while (await job.act());
    await this.#pass(1).act();
  }

  /** Everything arrives, every customer finishes, and time passes until none waits for anything. */
  async #settle(): Promise<void> {
    if (this.#deaf) await this.#inSilence();
    for (const [turn, seconds] of [...WAITS_S, ...LATER_WAITS_S].entries()) {
      await this.#deliverAll();
      if (turn >= HELD_UNTIL) await this.#deliverHeld();
      await this.#pass(seconds).act();
    }
    await this.#deliverAll();
    await this.#deliverHeld();
    if (this.#reverses) await this.#courier.everythingAgain();
    await this.#courier.collect(this.steps.length, () => [0]);
    if (this.#courier.underway.length > 0) this.#courier.dead.push('there was always something more to say');
  }

  async #deliverAll(): Promise<void> {
    for (let n = 0; n < MAX_STEPS; n++) {
      await this.#collect();
      if (this.#ready(Number.POSITIVE_INFINITY).length === 0) break;
      await this.#advance(n);
    }
    for (const job of this.#jobs) while (await job.act());
  }

  async #deliverHeld(): Promise<void> {
    while (this.#courier.releaseNewest()) await this.#deliverAll();
  }

  /** The worker that waits for a webhook asks Stripe instead. */
  async #inSilence(): Promise<void> {
    for (const seconds of WAITS_S) {
      await this.#advance(0);
      await this.#pass(seconds).act();
    }
    this.#courier.resendLost();
    this.#deaf = false;
  }

  #collect(): Promise<void> {
    const now = this.steps.length;
    const itinerary = this.#itinerary(now);
    const fromStripe = this.#deaf ? () => [Number.POSITIVE_INFINITY] : itinerary;
    return this.#courier.collect(now, itinerary, fromStripe, (key) => this.#newestFirst(key));
  }

  #ready(step: number): Delivery[] {
    const now = this.#rig.clock.now().getTime();
    return this.#courier.underway.filter(
      (delivery) => !delivery.held && delivery.step <= step && delivery.notBefore <= now,
    );
  }

  /** Decided once for what a consumer hears of an aggregate: of most, in the schedules that do it. */
  #newestFirst(key: string): boolean {
    const random = this.#random;
    const decided = this.#reversed.get(key) ?? (random !== undefined && this.#reverses && random() < 0.7);
    this.#reversed.set(key, decided);
    return decided;
  }

  /** One to three copies of each message; some soon, some late, some lost until they are sent again. */
  #itinerary(now: number): Itinerary {
    const random = this.#random;
    if (!random) return () => [0];
    const arrival = () => {
      const luck = random();
      if (luck < 0.12) return Number.POSITIVE_INFINITY;
      return now + Math.floor(random() * (luck < 0.3 ? 60 : 12));
    };
    return () => Array.from({ length: 1 + Math.floor(random() * 3) }, arrival);
  }
}

/** The same seed is another schedule in each scenario, or all of them would begin alike. */
function digest(name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 0);
}
