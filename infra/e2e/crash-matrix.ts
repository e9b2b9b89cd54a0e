import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plataforma/testing/eventually';
import { conferir, conferirTotais } from './conferencia.ts';
import { CrashFlows, END, FLOWS, type Flow, type Prepared, pause } from './crash-flows.ts';
import type { Cell } from './crash-points.ts';
import { lerLivros, lerTotais } from './ler-livros.ts';
import { TestStack } from './test-stack.ts';

export const VICTIMS = ['reservas', 'pagamentos', 'notificacoes'] as const;
export type Victim = (typeof VICTIMS)[number];

/** One crash: a service dies in a flow, before or after one of its steps. */
export interface CrashCell extends Cell {
  readonly flow: Flow;
  readonly service: Victim;
}

/** How the promise stood up to it. */
export interface Verdict {
  readonly problems: readonly string[];
  /** From the moment everybody was up again, and the customer had done it, until money and reservation fitted. */
  readonly settledMs: number;
}

/** What became of a cell. */
export interface CrashResult {
  readonly cell: CrashCell;
  /** False: the flow went through without coming to this point. */
  readonly died: boolean;
  readonly verdict: Promise<Verdict>;
}

/** Promise 2 of the platform: money finds its reservation within this time. */
const SETTLE_MS = 60_000;
/** The lease of a message whose sender died: only then it is sent again. */
const LEASE_MS = 130_000;
/** The last publication and its record follow the e-mail. */
const TAIL_MS = 2_000;

/** One running platform whose services can be told to die at a point, cell after cell. */
export class CrashMatrix {
  readonly platform: TestStack;
  readonly #flows: CrashFlows;
  readonly #folder: string;
  #cells = 0;

  private constructor(platform: TestStack, folder: string) {
    this.platform = platform;
    this.#flows = new CrashFlows(platform);
    this.#folder = folder;
  }

  static async start(): Promise<CrashMatrix> {
    const folder = await mkdtemp(join(tmpdir(), 'plataforma-crash-'));
    const module = new URL('./crash-points.ts', import.meta.url).href;
    const platform = await TestStack.start({ preload: { module, env: { CRASH_DIR: folder } } });
    return new CrashMatrix(platform, folder);
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Lets every flow go through quietly and answers all its points: the whole matrix. */
  async discover(): Promise<CrashCell[]> {
    const cells: CrashCell[] = [];
    for (const flow of FLOWS) {
      const prepared = await this.#prepare(flow);
      const before = this.#crossed();
      await this.#atRest(flow, await this.#flows.act(flow, prepared));
      const after = this.#crossed();
      for (const service of VICTIMS)
        for (const cell of numbered(after[service].slice(before[service].length)))
          cells.push({ flow, service, ...cell });
    }
    return cells;
  }

  /**
   * A patient customer goes through a flow in which the service dies once. Resolves when it is up again and money and
   * reservation fit, or the customer still waits: nothing is at stake for those until they are answered.
   */
  async crash(cell: CrashCell): Promise<CrashResult> {
    const prepared = await this.#prepare(cell.flow);
    const armed = join(this.#folder, `${cell.service}.json`);
    const { point, when, nth } = cell;
    writeFileSync(armed, JSON.stringify({ id: `${++this.#cells}`, point, when, nth }));
    const acting = this.#flows.act(cell.flow, prepared);
    const died = await this.#dies(
      acting.then((id) => this.#atRest(cell.flow, id, armed)),
      armed,
    );
    if (died) await this.#restart(cell.service);
    const verdict = this.#verdict(cell, acting, Date.now());
    // While the customer waits out the lease of a call that died, the next cell may begin.
    const answered = await Promise.race([acting.then(() => true), pause(2_000).then(() => false)]).catch(
      () => true,
    );
    if (answered) await verdict.money;
    return { cell, died, verdict: verdict.all };
  }

  /** What does not fit when all the bookings so far are added up. */
  async totals(): Promise<string[]> {
    return conferirTotais(await lerTotais(this.platform));
  }

  /** True once the victim has died, false when the flow was over without that. */
  async #dies(flowIsOver: Promise<void>, armed: string): Promise<boolean> {
    const over = { yes: false };
    const end = () => {
      over.yes = true;
    };
    // Who gives up is told of by the verdict.
    flowIsOver.then(end, end);
    while (existsSync(armed) && !over.yes) await pause(50);
    if (!existsSync(armed)) return true;
    rmSync(armed);
    return false;
  }

  /** While a service is down, another program may take its port for a moment. */
  async #restart(service: Victim): Promise<void> {
    for (let left = 5; ; left--) {
      try {
        return await this.platform.stack.service(service).restart();
      } catch (error) {
        if (left === 0) throw error;
        await pause(2_000);
      }
    }
  }

  /** Waits until the books of a cell fit: those of the money first, then all e-mails. */
  #verdict(cell: CrashCell, acting: Promise<string>, upAgainAt: number) {
    const money = this.#moneyFits(cell.flow, acting, upAgainAt);
    const all = money.then((settled) => this.#mailFits(cell, settled));
    // Heard of by whoever waits for it, which may be much later.
    all.catch(() => {});
    return { money, all };
  }

  async #moneyFits(flow: Flow, acting: Promise<string>, upAgainAt: number) {
    let reservaId: string;
    try {
      reservaId = await acting;
    } catch (error) {
      return { problems: [`the customer gave up: ${error}`], settledMs: Date.now() - upAgainAt };
    }
    const since = Math.max(upAgainAt, await this.#atStakeSince(flow, reservaId));
    let problems = await this.#problems(flow, reservaId);
    while (problems.some(isMoney) && Date.now() < since + SETTLE_MS) {
      await pause(250);
      problems = await this.#problems(flow, reservaId);
    }
    return { reservaId, problems: problems.filter(isMoney), settledMs: Math.max(0, Date.now() - since) };
  }

  /** A customer has nothing at stake until what they want is done; that may be long before they hear of it. */
  async #atStakeSince(flow: Flow, reservaId: string): Promise<number> {
    if (flow !== 'cancel for half') return Date.now();
    const sql = 'select cancelada_em as em from reservas where id = $1';
    const [row] = await this.platform.query<{ em: Date | null }>('reservas', sql, [reservaId]);
    return row?.em?.getTime() ?? Date.now();
  }

  async #mailFits(cell: CrashCell, settled: Verdict & { readonly reservaId?: string }): Promise<Verdict> {
    const { reservaId, problems, settledMs } = settled;
    if (reservaId === undefined || problems.length > 0) return { problems, settledMs };
    // Between the answer of the mail server and its own record notificacoes cannot know that it was sent.
    const counts = (problem: string) => !(cell.service === 'notificacoes' && isCopy(problem));
    const deadline = Date.now() + LEASE_MS;
    for (;;) {
      const left = (await this.#problems(cell.flow, reservaId)).filter(counts);
      if (left.length === 0 || Date.now() > deadline) return { problems: left, settledMs };
      await pause(1_000);
    }
  }

  /** What is not yet as it has to be when the flow is over. */
  async #problems(flow: Flow, reservaId: string): Promise<string[]> {
    const livros = await lerLivros(this.platform, [reservaId]);
    const wrong = livros.reservas
      .filter(({ status }) => status !== END[flow])
      .map(({ id, status }) => `${id} is ${status}, not ${END[flow]}`);
    return [...wrong, ...conferir(livros)];
  }

  /** The flow is over, e-mails and all, unless its victim has died. */
  async #atRest(flow: Flow, reservaId: string, armed?: string): Promise<void> {
    const alive = () => armed === undefined || existsSync(armed);
    const settled = async () => expectNothing(alive() ? await this.#problems(flow, reservaId) : []);
    await eventually(settled, { timeoutMs: LEASE_MS, intervalMs: 250 });
    await pause(TAIL_MS);
  }

  /** Nothing of what comes before is still under way: it would come past the same points. */
  async #prepare(flow: Flow): Promise<Prepared> {
    const prepared = await this.#flows.prepare(flow);
    if (flow === 'cancel for half' && prepared.reserva)
      await this.#atRest('book and pay', prepared.reserva.id);
    else await pause(TAIL_MS);
    return prepared;
  }

  /** Points that each service has come past so far. */
  #crossed(): Record<Victim, string[]> {
    const read = (service: Victim) => {
      const file = join(this.#folder, `${service}.log`);
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    };
    return { reservas: read('reservas'), pagamentos: read('pagamentos'), notificacoes: read('notificacoes') };
  }
}

/** Crossings as cells: those of one point that come again are told apart by their number. */
function numbered(crossings: readonly string[]): Cell[] {
  const times = new Map<string, number>();
  return crossings.map((crossing) => {
    const nth = (times.get(crossing) ?? 0) + 1;
    times.set(crossing, nth);
    const space = crossing.indexOf(' ');
    return { when: crossing.slice(0, space) as Cell['when'], point: crossing.slice(space + 1), nth };
  });
}

const isCopy = (problem: string): boolean => problem.includes('copies of e-mails');
const isMoney = (problem: string): boolean => !problem.includes('e-mails');

function expectNothing(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
