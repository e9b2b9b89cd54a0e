import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@plataforma/testing/eventually';
import { conferir } from './conferencia.ts';
import type { Cell } from './crash-points.ts';
import { lerLivros } from './livros.ts';
import { type Customer, type ReservaRest, TestStack } from './test-stack.ts';

export const VICTIMS = ['reservas', 'pagamentos', 'notificacoes'] as const;
export type Victim = (typeof VICTIMS)[number];
export const FLOWS = ['book and pay', 'cancel and refund', 'expire'] as const;
export type Flow = (typeof FLOWS)[number];

/** One crash: a service dies in a flow, before or after one of its steps. */
export interface CrashCell extends Cell {
  readonly flow: Flow;
  readonly service: Victim;
}

/** What became of it. */
export interface CrashResult {
  readonly cell: CrashCell;
  /** The reservation, once the customer has done what they came for. */
  readonly acting: Promise<string>;
  /** False: the flow went through without coming to this point. */
  readonly died: boolean;
  /** Epoch in ms of the moment when everybody was up again. */
  readonly upAgainAt: number;
}

/** How the promise stood up. */
export interface Verdict {
  readonly problems: readonly string[];
  /** From the moment everybody was up again until money and reservations fitted. */
  readonly settledMs: number;
}

/** Promise 2 of the platform: money finds its reservation within this time. */
export const SETTLE_MS = 60_000;
/** The lease of a message whose sender died: only then it is sent again. */
const LEASE_MS = 130_000;
/** How long a customer keeps trying: a call that died holds its idempotency key for more than a minute. */
const CLIENT_PATIENCE_MS = 180_000;
const END: Record<Flow, string> = {
  'book and pay': 'CONFIRMADA',
  'cancel and refund': 'CANCELADA',
  expire: 'EXPIRADA',
};

/** One running platform whose services can be told to die at a point, cell after cell. */
export class CrashMatrix {
  readonly platform: TestStack;
  readonly #folder: string;

  private constructor(platform: TestStack, folder: string) {
    this.platform = platform;
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
      const reservaId = await this.#act(flow, prepared);
      await eventually(async () => expectNothing(await this.#problems(flow, reservaId)), {
        timeoutMs: SETTLE_MS,
        intervalMs: 250,
      });
      const after = this.#crossed();
      for (const service of VICTIMS)
        for (const crossing of new Set(after[service].slice(before[service].length)))
          cells.push({ flow, service, ...cellOf(crossing) });
    }
    return cells;
  }

  /** A patient customer goes through a flow in which the service dies once; resolves when it is up again. */
  async crash(cell: CrashCell): Promise<CrashResult> {
    const prepared = await this.#prepare(cell.flow);
    const { point, when } = cell;
    const armed = join(this.#folder, `${cell.service}.json`);
    writeFileSync(armed, JSON.stringify({ point, when }));
    const acting = this.#act(cell.flow, prepared);
    const atRest = acting.then((id) => this.#comesToRest(cell.flow, id, armed));
    // Who gives up is told of by the verdict.
    atRest.catch(() => {});
    const over = { yes: false };
    const end = () => {
      over.yes = true;
    };
    atRest.then(end, end);
    while (existsSync(armed) && !over.yes) await pause(50);
    const died = !existsSync(armed);
    if (!died) await rm(armed);
    if (died) await this.#restart(cell.service);
    const upAgainAt = Date.now();
    return { cell, acting, died, upAgainAt };
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

  /** Waits until the books of a cell fit; `lastCrash` is when the last crash was over. */
  async verdict({ cell, acting }: CrashResult, lastCrash: number): Promise<Verdict> {
    const asked = Date.now();
    let reservaId: string;
    try {
      reservaId = await acting;
    } catch (error) {
      return { problems: [`the customer gave up: ${error}`], settledMs: Date.now() - lastCrash };
    }
    // A customer who was still trying has had nothing at stake until now.
    const since = Date.now() - asked > 1_000 ? Date.now() : lastCrash;
    let problems = await this.#problems(cell.flow, reservaId);
    while (problems.some((problem) => !isMail(problem)) && Date.now() < since + SETTLE_MS) {
      await pause(250);
      problems = await this.#problems(cell.flow, reservaId);
    }
    const settledMs = Math.max(0, Date.now() - since);
    if (problems.some((problem) => !isMail(problem))) return { problems, settledMs };
    while (problems.length > 0 && Date.now() < since + LEASE_MS) {
      await pause(1_000);
      problems = await this.#problems(cell.flow, reservaId);
    }
    return { problems, settledMs };
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
  async #comesToRest(flow: Flow, reservaId: string, armed: string): Promise<void> {
    const deadline = Date.now() + LEASE_MS;
    while (existsSync(armed) && Date.now() < deadline && (await this.#problems(flow, reservaId)).length > 0)
      await pause(250);
    // The last publication and its record follow the e-mail.
    await pause(2_000);
  }

  async #prepare(flow: Flow): Promise<{ customer: Customer; reserva?: ReservaRest }> {
    const customer = await this.platform.newCustomer();
    if (flow === 'book and pay') return { customer };
    const reserva = await this.platform.reserve(customer);
    if (flow === 'cancel and refund') {
      await this.platform.pay(reserva);
      await this.#until(customer, reserva.id, 'CONFIRMADA');
    }
    return { customer, reserva };
  }

  async #act(
    flow: Flow,
    { customer, reserva }: { customer: Customer; reserva?: ReservaRest },
  ): Promise<string> {
    if (reserva === undefined) return this.#bookAndPay(customer);
    if (flow === 'cancel and refund') {
      await patiently(() => customer.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, {}, reserva.id));
      return reserva.id;
    }
    const sql = `update reservas set expira_em = now() where id = $1`;
    await this.platform.query('reservas', sql, [reserva.id]);
    return reserva.id;
  }

  async #bookAndPay(customer: Customer): Promise<string> {
    const slot = this.platform.nextSlot();
    const { body } = await patiently(() =>
      customer.rest.post<ReservaRest>('/api/v1/reservas', slot, `cell-${customer.id}`),
    );
    let reserva = body;
    await patiently(async () => {
      reserva = await this.platform.reserva(customer, body.id);
      if (reserva.checkoutUrl === undefined) throw new Error(`${body.id} has no checkout yet`);
    });
    await this.platform.pay(reserva);
    return body.id;
  }

  #until(customer: Customer, id: string, status: string): Promise<unknown> {
    return patiently(async () => {
      const reserva = await this.platform.reserva(customer, id);
      if (reserva.status !== status) throw new Error(`${id} is ${reserva.status}`);
    });
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

function cellOf(crossing: string): Cell {
  const space = crossing.indexOf(' ');
  return { when: crossing.slice(0, space) as Cell['when'], point: crossing.slice(space + 1) };
}

const isMail = (problem: string): boolean => problem.includes('e-mails of');

function expectNothing(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Asks again while the platform is recovering, under the same idempotency key. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + CLIENT_PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await pause(200);
  }
}
