import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Restartable } from '@plataforma/dev/stack/processes/restartable';
import { delay } from '@plataforma/runtime/wait';
import { eventually } from '@plataforma/testing/eventually';
import { compare, compareTotals } from '../books/comparison.ts';
import { readBooks, readTotals } from '../books/read-books.ts';
import { TestStack } from '../platform/test-stack.ts';
import {
  type CrashCell,
  cellsOf,
  isServer,
  SERVICES,
  type Service,
  type Victim,
  withoutRepetitions,
} from './cells.ts';
import { type Deed, type Prepared, prepareScenario, SCENARIOS, type Scenario } from './scenarios.ts';

/** How the promise stood up to it. */
export interface Verdict {
  readonly problems: readonly string[];
  /** From the moment everybody was up again, and the customer had done it, until money and reservation fitted. */
  readonly settledMs: number;
}

/** What became of a cell. */
export interface CrashResult {
  readonly cell: CrashCell;
  /** False: the scenario went through without coming to this point. */
  readonly died: boolean;
  readonly verdict: Promise<Verdict>;
}

/** Promise 2 of the platform: money finds its reservation within this time. */
const SETTLE_MS = 60_000;
/** The lease of a message whose sender died: only then it is sent again. A digest has waited before. */
const LEASE_MS = 165_000;
/** The last publication and its record follow the e-mail. */
const TAIL_MS = 2_000;
/** There is no answer for so long, at least: a caller who was about to ask hears of it. */
const DOWN_MS = 500;
/** A PostgreSQL that was killed is up again only when the last of its processes has noticed. */
const STARTS = 20;

/** One running platform whose parts die at a point, cell after cell. PostgreSQL runs with the settings of production. */
export class CrashMatrix {
  readonly platform: TestStack;
  readonly #folder: string;
  #cells = 0;

  private constructor(platform: TestStack, folder: string) {
    this.platform = platform;
    this.#folder = folder;
  }

  /** @param aborted nothing is left of it when that happens while it starts. */
  static async start(aborted?: AbortSignal): Promise<CrashMatrix> {
    const folder = await mkdtemp(join(tmpdir(), 'plataforma-crash-'));
    const module = new URL('./points.ts', import.meta.url).href;
    const preload = { module, env: { CRASH_DIR: folder } };
    try {
      return new CrashMatrix(await TestStack.start({ durable: true, preload }, aborted), folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Lets scenarios go through quietly and answers all their points, each once, with all who can die there. */
  async discover(
    scenarios: readonly Scenario[] = Object.keys(SCENARIOS) as Scenario[],
  ): Promise<CrashCell[]> {
    const cells: CrashCell[] = [];
    for (const scenario of scenarios) {
      const { act } = await this.#prepare(scenario);
      const before = this.#crossed();
      await this.#atRest(await act());
      const after = this.#crossed();
      for (const service of SERVICES)
        cells.push(...cellsOf(scenario, service, after[service].slice(before[service].length)));
    }
    return withoutRepetitions(cells);
  }

  /**
   * Patient people go through a scenario in which somebody dies once. Resolves when all are up again and money and
   * reservation fit, or the customer still waits: nothing is at stake for those until they are answered.
   */
  async crash(cell: CrashCell): Promise<CrashResult> {
    const { act } = await this.#prepare(cell.scenario);
    const armed = join(this.#folder, `${cell.service}.json`);
    const { scenario: _, ...where } = cell;
    writeFileSync(armed, JSON.stringify({ id: `${++this.#cells}`, ...where }));
    const acting = act();
    const reached = await this.#reached(
      acting.then((deed) => this.#atRest(deed, armed)),
      armed,
    );
    const died = reached && (await this.#dies(cell));
    const verdict = this.#verdict(cell, acting, Date.now());
    // While the customer waits out the lease of a call that died, the next cell may begin.
    const answered = await Promise.race([acting.then(() => true), delay(2_000).then(() => false)]).catch(
      () => true,
    );
    if (answered) await verdict.money;
    return { cell, died, verdict: verdict.all };
  }

  /** What does not fit when all the bookings so far are added up. */
  async totals(): Promise<string[]> {
    return compareTotals(await readTotals(this.platform));
  }

  /** True once somebody has come to the point, false when the scenario was over without that. */
  async #reached(flowIsOver: Promise<void>, armed: string): Promise<boolean> {
    const over = { yes: false };
    const end = () => {
      over.yes = true;
    };
    // Who gives up is told of by the verdict.
    flowIsOver.then(end, end);
    while (existsSync(armed) && !over.yes) await delay(20);
    if (!existsSync(armed)) return true;
    rmSync(armed);
    return false;
  }

  /** The victim is dead, and up again; the service that stood still for that has gone on in between. */
  async #dies({ service, victim }: CrashCell): Promise<boolean> {
    const part = this.#part(victim);
    const dead = part.server;
    if (service !== victim) {
      await part.kill();
      rmSync(join(this.#folder, `${service}.held`));
      await delay(DOWN_MS);
    }
    const how = await dead.exited;
    // The worst that it can lose: everything.
    if (victim === 'redis') await this.platform.emptyRedis();
    await this.#restart(part);
    return how === 'SIGKILL' && part.server.pid !== dead.pid;
  }

  #part(victim: Victim): Restartable {
    const { stack } = this.platform;
    if (!isServer(victim)) return stack.service(victim);
    const server = stack.servers[victim];
    if (server === undefined) throw new Error(`there is no ${victim} here`);
    return server;
  }

  /** While it is down, another program may take its port for a moment. */
  async #restart(part: Restartable): Promise<void> {
    for (let left = STARTS; ; left--) {
      try {
        return await part.restart();
      } catch (error) {
        if (left === 0) throw error;
        await delay(500);
      }
    }
  }

  /** Waits until the books of a cell fit: those of the money first, then all e-mails. */
  #verdict(cell: CrashCell, acting: Promise<Deed>, upAgainAt: number) {
    const money = this.#moneyFits(acting, upAgainAt);
    const all = money.then((settled) => this.#mailFits(cell, settled));
    // Heard of by the cell that waits for it, which may be much later.
    all.catch(() => {});
    return { money, all };
  }

  async #moneyFits(acting: Promise<Deed>, upAgainAt: number): Promise<Verdict & { readonly deed?: Deed }> {
    let deed: Deed;
    try {
      deed = await acting;
    } catch (error) {
      return { problems: [`the customer gave up: ${error}`], settledMs: Date.now() - upAgainAt };
    }
    const since = Math.max(upAgainAt, deed.since);
    let problems = await this.#problems(deed);
    while (problems.some(isMoney) && Date.now() < since + SETTLE_MS) {
      await delay(250);
      problems = await this.#problems(deed);
    }
    return { deed, problems: problems.filter(isMoney), settledMs: Math.max(0, Date.now() - since) };
  }

  async #mailFits(cell: CrashCell, settled: Verdict & { readonly deed?: Deed }): Promise<Verdict> {
    const { deed, problems, settledMs } = settled;
    if (deed === undefined || problems.length > 0) return { problems, settledMs };
    // Between the answer of the mail server and its own record notificacoes cannot know that it was sent.
    const counts = (problem: string) => !(cell.victim === 'notificacoes' && isCopy(problem));
    const deadline = Date.now() + LEASE_MS;
    for (;;) {
      const left = (await this.#problems(deed)).filter(counts);
      if (left.length === 0 || Date.now() > deadline) return { problems: left, settledMs };
      await delay(1_000);
    }
  }

  /** What is not yet as it has to be when the scenario is over; while a server of another cell is down, that. */
  async #problems({ ends, toldOf, besides }: Deed): Promise<readonly string[]> {
    try {
      const livros = await readBooks(this.platform, Object.keys(ends));
      const wrong = livros.reservas
        .filter(({ id, status }) => status !== ends[id])
        .map(({ id, status }) => `${id} is ${status}, not ${ends[id]}`);
      const silent = toldOf?.(livros) === false ? ['the books do not tell of it'] : [];
      return [...wrong, ...silent, ...compare(livros), ...((await besides?.()) ?? [])];
    } catch (error) {
      return [`the books cannot be read: ${error}`];
    }
  }

  /** The scenario is over, e-mails and all, unless somebody has come to the armed point. */
  async #atRest(deed: Deed, armed?: string): Promise<void> {
    const alive = () => armed === undefined || existsSync(armed);
    const settled = async () => expectNothing(alive() ? await this.#problems(deed) : []);
    await eventually(settled, { timeoutMs: LEASE_MS, intervalMs: 250 });
    await delay(TAIL_MS);
  }

  /** Nothing of what comes before is still under way: it would come past the same points. */
  async #prepare(scenario: Scenario): Promise<Prepared> {
    const prepared = await prepareScenario(this.platform, scenario);
    if (Object.keys(prepared.before).length > 0) await this.#atRest({ ends: prepared.before, since: 0 });
    return prepared;
  }

  /** What each service has come past so far. */
  #crossed(): Record<Service, string[]> {
    const read = (service: Service) => {
      const file = join(this.#folder, `${service}.log`);
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    };
    const crossed = SERVICES.map((service) => [service, read(service)] as const);
    return Object.fromEntries(crossed) as Record<Service, string[]>;
  }
}

const isCopy = (problem: string): boolean => problem.includes('copies of e-mails');
const isMoney = (problem: string): boolean => !problem.includes('e-mails');

function expectNothing(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
