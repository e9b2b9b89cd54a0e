import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERIFICATION_SUBJECT, verifyEmail } from '@plataforma/dev/demo/booking';
import { RestClient } from '@plataforma/dev/demo/rest-client';
import { type EspacoRest, seed } from '@plataforma/dev/demo/seed';
import { freePorts } from '@plataforma/dev/stack/ports';
import { type Stack, type StackOptions, startStack } from '@plataforma/dev/stack/stack';
import { eventually } from '@plataforma/testing/eventually';
import { removePostgresData } from '@plataforma/testing/servers/postgres';
import { Client } from 'pg';
import type { Fontes, Ledger } from '../livros/livros.ts';

/** A reservation as the REST API shows it. */
export interface ReservaRest {
  readonly id: string;
  readonly status: string;
  readonly valor: { readonly centavos: number; readonly moeda: string };
  readonly checkoutUrl?: string;
  readonly pagamentoId?: string;
}

/** A customer with an open session. */
export interface Customer {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly rest: RestClient;
}

/** An e-mail as the inbox lists it. */
export interface Email {
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly to: ReadonlyArray<{ readonly address: string }>;
  readonly html?: string;
}

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 10_000;

/** The whole platform on ports of its own, and what a test does with it. */
export class TestStack implements Fontes {
  readonly stack: Stack;
  readonly rest: RestClient;
  readonly spaces: readonly EspacoRest[];
  readonly #dataDir: string;
  #slots = 0;

  private constructor(stack: Stack, rest: RestClient, spaces: readonly EspacoRest[], dataDir: string) {
    this.stack = stack;
    this.rest = rest;
    this.spaces = spaces;
    this.#dataDir = dataDir;
  }

  /** @param aborted nothing is left of it when that happens while it starts. */
  static async start(
    options: Pick<StackOptions, 'preload' | 'durable'> = {},
    aborted?: AbortSignal,
  ): Promise<TestStack> {
    const dataDir = await mkdtemp(join(tmpdir(), 'plataforma-e2e-'));
    const { STRIPE_SECRET_KEY: _, ...env } = process.env;
    let stack: Stack | undefined;
    try {
      const ports = await freePorts();
      stack = await startStack({ dataDir, ports, env, durable: false, ...options }, aborted);
      const rest = new RestClient(`http://127.0.0.1:${ports.EDGE_PORT}`);
      return new TestStack(stack, rest, await seed(rest, stack.secrets.adminPassword), dataDir);
    } catch (error) {
      await stack?.stop();
      await clear(dataDir);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await clear(this.#dataDir);
  }

  get edgeUrl(): string {
    return `http://127.0.0.1:${this.stack.ports.EDGE_PORT}`;
  }

  get #mailUrl(): string {
    return `http://127.0.0.1:${this.stack.ports.MAIL_WEB_PORT}`;
  }

  get stripeUrl(): string {
    return `http://127.0.0.1:${this.stack.ports.STRIPE_PORT}`;
  }

  /** Everything that Redis has kept is gone, as far as it is stopped. */
  emptyRedis(): Promise<void> {
    return rm(join(this.#dataDir, 'redis'), { recursive: true, force: true });
  }

  /** What a process of the stack has logged so far. */
  logOf(name: string): Promise<string> {
    return readFile(join(this.#dataDir, 'logs', `${name}.log`), 'utf8');
  }

  /** The meeting room of the seed. */
  get room(): EspacoRest {
    const [room] = this.spaces;
    if (room === undefined) throw new Error('the seed made no space');
    return room;
  }

  /** Somebody with an account whose address is verified. */
  async newCustomer(): Promise<Customer> {
    const email = `${randomUUID()}@exemplo.com`;
    const password = 'Senha@123';
    const signup = await this.rest.post<{ id: string }>('/api/v1/auth/signup', {
      nome: 'Bia Lima',
      email,
      password,
    });
    await this.verify(email);
    const login = await this.rest.post<{ accessToken: string }>('/api/v1/auth/login', { email, password });
    const token = login.body.accessToken;
    return { id: signup.body.id, email, token, rest: this.rest.as(token) };
  }

  /** Proves the address with the code in its mailbox. */
  verify(email: string): Promise<void> {
    return verifyEmail(this.rest, this.#mailUrl, email);
  }

  /** A slot of the meeting room that no test has asked for yet. */
  nextSlot(): { espacoId: string; dataInicio: string; dataFim: string } {
    const slot = this.#slots++;
    const start = new Date(Date.now() + (3 + Math.floor(slot / 6)) * 24 * HOUR_MS);
    start.setUTCHours(3 * (slot % 6), 0, 0, 0);
    const end = new Date(start.getTime() + HOUR_MS);
    return { espacoId: this.room.id, dataInicio: start.toISOString(), dataFim: end.toISOString() };
  }

  /** Reserves the next slot and waits for its checkout: it comes later when pagamentos does not answer at once. */
  async reserve(customer: Customer): Promise<ReservaRest> {
    let { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', this.nextSlot());
    await eventually(
      async () => {
        if (reserva.checkoutUrl === undefined) reserva = await this.reserva(customer, reserva.id);
        if (reserva.checkoutUrl === undefined) throw new Error(`${reserva.id} is still ${reserva.status}`);
      },
      { timeoutMs: 30_000 },
    );
    return reserva;
  }

  async pay(reserva: ReservaRest): Promise<void> {
    if (reserva.checkoutUrl === undefined) throw new Error(`${reserva.id} has no checkout yet`);
    const response = await fetch(`${reserva.checkoutUrl}/pay`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 303) throw new Error(`paying answered ${response.status}`);
  }

  async reserva(customer: Customer, id: string): Promise<ReservaRest> {
    return (await customer.rest.get<ReservaRest>(`/api/v1/reservas/${id}`)).body;
  }

  /** All but the one that verified the address. */
  async emailsTo(address: string): Promise<Email[]> {
    return (await this.#inbox()).filter(
      ({ to, subject }) =>
        subject !== VERIFICATION_SUBJECT && to.some((recipient) => recipient.address === address),
    );
  }

  async emails(): Promise<string[]> {
    return (await this.#inbox()).map(({ headers }) => (headers['message-id'] ?? '').replace(/^<|@.*$/g, ''));
  }

  async ledger(): Promise<Ledger> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return (await fetch(`${this.stripeUrl}/_controle/ledger`, { signal })).json() as Promise<Ledger>;
  }

  /** Copies of webhooks that have not been delivered yet. */
  async webhooksWaiting(): Promise<number> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const state = await (await fetch(`${this.stripeUrl}/_controle`, { signal })).json();
    return (state as { queue: { waiting: number } }).queue.waiting;
  }

  async #inbox(): Promise<Email[]> {
    const url = `${this.#mailUrl}/api/email`;
    return (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })).json() as Promise<Email[]>;
  }

  /** Sets switches of the Stripe stand-in. */
  async stripe(switches: object): Promise<void> {
    const response = await fetch(`${this.stripeUrl}/_controle`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(switches),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the stand-in answered ${response.status}: ${await response.text()}`);
  }

  /** Rows of a query on the database of a service. */
  async query<T extends object>(
    service: keyof Stack['databases'],
    sql: string,
    values: unknown[] = [],
  ): Promise<T[]> {
    const client = new Client({ connectionString: this.stack.databases[service] });
    // A server that dies in between is told of by what was asked of it.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }
}

async function clear(dataDir: string): Promise<void> {
  await removePostgresData(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}
