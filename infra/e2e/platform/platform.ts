import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plataforma } from '@plataforma/cliente/plataforma';
import { VERIFICATION_SUBJECT, verifyEmail } from '@plataforma/dev/demo/booking';
import { RestClient } from '@plataforma/dev/demo/rest-client';
import type { EspacoRest } from '@plataforma/dev/demo/seed';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import type { Stack } from '@plataforma/dev/stack/stack';
import { eventually } from '@plataforma/testing/eventually';
import { Client } from 'pg';
import type { Ledger, LedgerLine, Sources } from '../books/books.ts';
import { watchedStacks } from './watched-stacks.ts';

/** Where a running stack is reached, as plain data: another process can be told. */
export type Place = Pick<Stack, 'ports' | 'secrets' | 'natsUrl' | 'databases'> & {
  readonly dataDir: string;
};

/** A reservation as the REST API shows it. */
export interface ReservaRest {
  readonly id: string;
  readonly status: string;
  readonly valor: { readonly centavos: number; readonly moeda: string };
  readonly checkoutUrl?: string;
  readonly pagamentoId?: string;
}

/** A person who is signed in. */
export interface Session {
  readonly token: string;
  readonly rest: RestClient;
}

/** A customer with an open session. */
export interface Customer extends Session {
  readonly id: string;
  readonly email: string;
}

/** An e-mail as the inbox lists it. */
export interface Email {
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly to: ReadonlyArray<{ readonly address: string }>;
  readonly html?: string;
}

/** Any answer, whatever it says. */
interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 10_000;
/** Two messages on the way, either of which may have to be sent again. */
const PATIENCE_MS = 30_000;
/** Of everybody who signs up here. */
export const PASSWORD = 'Senha@123';
/** Its token goes on for as long again. */
const ADMIN_SESSION_MS = 5 * 60_000;

const ROOM = {
  nome: 'Sala Ipê',
  tipo: 'SALA_REUNIAO',
  capacidade: 10,
  fusoHorario: 'America/Sao_Paulo',
  precoPorHora: { centavos: 12_000, moeda: 'BRL' },
};

/** A running platform and what people do with it, in a room that no other test books. */
export class Platform<S extends Place = Place> implements Sources {
  readonly stack: S;
  readonly rest: RestClient;
  #room: EspacoRest | undefined;
  #slots = 0;
  #admin: { readonly session: Session; readonly since: number } | undefined;

  protected constructor(stack: S) {
    this.stack = stack;
    watchedStacks.set(stack.dataDir, stack.secrets);
    this.rest = new RestClient(this.edgeUrl);
  }

  /** The platform that runs there. */
  static async at(place: Place): Promise<Platform> {
    return new Platform(place).opened();
  }

  /** With its room. */
  protected async opened(): Promise<this> {
    this.#room = await this.newRoom();
    return this;
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

  /** What a process of the stack has logged so far. */
  logOf(name: string): Promise<string> {
    return readFile(join(this.stack.dataDir, 'logs', `${name}.log`), 'utf8');
  }

  get room(): EspacoRest {
    if (this.#room === undefined) throw new Error('it has no room yet');
    return this.#room;
  }

  /** One more room that is all its own. */
  async newRoom(more: object = {}): Promise<EspacoRest> {
    const { rest } = await this.admin();
    return (await rest.post<EspacoRest>('/api/v1/espacos', { ...ROOM, ...more })).body;
  }

  /** One session for a while: there are only so many of one person, and each new one ends the oldest. */
  async admin(): Promise<Session> {
    if (this.#admin === undefined || performance.now() - this.#admin.since > ADMIN_SESSION_MS) {
      const session = await this.login(ADMIN_EMAIL, this.stack.secrets.adminPassword);
      this.#admin = { session, since: performance.now() };
    }
    return this.#admin.session;
  }

  async login(email: string, password = PASSWORD): Promise<Session> {
    const { body } = await this.rest.post<{ accessToken: string }>('/api/v1/auth/login', { email, password });
    return { token: body.accessToken, rest: this.rest.as(body.accessToken) };
  }

  /** Any request, whatever the answer; anonymous without a token. */
  async call<T = Record<string, unknown>>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const response = await fetch(this.edgeUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** Somebody with an account whose address is verified. */
  async newCustomer(): Promise<Customer> {
    const email = `${randomUUID()}@exemplo.com`;
    const pessoa = { nome: 'Bia Lima', email, password: PASSWORD };
    const { body } = await this.rest.post<{ id: string }>('/api/v1/auth/signup', pessoa);
    await this.verify(email);
    return { id: body.id, email, ...(await this.login(email)) };
  }

  /** Proves the address with the code in its mailbox. */
  verify(email: string): Promise<void> {
    const messagesUrl = `http://127.0.0.1:${this.stack.ports.PROVIDERS_PORT}`;
    return verifyEmail(
      new Plataforma({ url: this.edgeUrl }),
      { inboxUrl: this.#mailUrl, messagesUrl },
      email,
    );
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
      { timeoutMs: PATIENCE_MS },
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

  /** Waits until a reservation is so. */
  async becomes(customer: Customer, id: string, status: string): Promise<ReservaRest> {
    let reserva = await this.reserva(customer, id);
    await eventually(
      async () => {
        if (reserva.status !== status) reserva = await this.reserva(customer, id);
        if (reserva.status !== status) throw new Error(`${id} is ${reserva.status}, not ${status}`);
      },
      { timeoutMs: PATIENCE_MS },
    );
    return reserva;
  }

  /** A reservation of the next slot, paid for and confirmed. */
  async paid(customer: Customer): Promise<ReservaRest> {
    const reserva = await this.reserve(customer);
    await this.pay(reserva);
    return this.becomes(customer, reserva.id, 'CONFIRMADA');
  }

  /** The time to pay is over. */
  expire(reservaId: string): Promise<unknown> {
    return this.query('reservas', 'update reservas set expira_em = now() where id = $1', [reservaId]);
  }

  /** All but the one that verified the address. */
  async emailsTo(address: string): Promise<Email[]> {
    const emails = await this.#inbox(`?to.address=${encodeURIComponent(address)}`);
    return emails.filter(({ subject }) => subject !== VERIFICATION_SUBJECT);
  }

  async emails(): Promise<string[]> {
    return (await this.#inbox()).map(({ headers }) => (headers['message-id'] ?? '').replace(/^<|@.*$/g, ''));
  }

  async ledger(): Promise<Ledger> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return (await fetch(`${this.stripeUrl}/_controle/ledger`, { signal })).json() as Promise<Ledger>;
  }

  /** What Stripe's own books say of a reservation. */
  async ledgerOf(reservaId: string): Promise<LedgerLine | undefined> {
    return (await this.ledger()).lines.find(({ metadata }) => metadata.reservaId === reservaId);
  }

  /** Copies of webhooks that have not been delivered yet. */
  async webhooksWaiting(): Promise<number> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const state = await (await fetch(`${this.stripeUrl}/_controle`, { signal })).json();
    return (state as { queue: { waiting: number } }).queue.waiting;
  }

  async #inbox(filter = ''): Promise<Email[]> {
    const url = `${this.#mailUrl}/api/email${filter}`;
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
