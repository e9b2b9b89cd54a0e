import { randomUUID } from 'node:crypto';
import { type RestClient, RestError } from '@plataforma/dev/demo/rest-client';
import type { Books } from '../books/books.ts';
import type { TestStack } from '../platform/test-stack.ts';
import { CrashCustomers, patiently } from './customers.ts';

/** Reservations, and the status that each of them has to end in. */
type Ends = Readonly<Record<string, string>>;

/** What has been done, and what has to come of it. */
export interface Deed {
  readonly ends: Ends;
  /** Since when something is at stake: it may be done long before its customer hears of it. */
  readonly since: number;
  /** Whether the books tell of it: what is not on record fits everything. */
  readonly toldOf?: (livros: Books) => boolean;
  /** What does not fit besides the books. */
  readonly besides?: () => Promise<readonly string[]>;
}

/** People about to act. */
export interface Prepared {
  /** What they did before, which has to come to rest first: it would come past the same points. */
  readonly before: Ends;
  /** Does what the scenario is about, patiently. */
  act(): Promise<Deed>;
}

/** Ways that money and promises take, up to the part in which somebody dies. */
export const SCENARIOS = {
  'book and pay': bookAndPay,
  'cancel for half': cancelForHalf,
  expire,
  'take an offer': takeAnOffer,
  'book a series': bookASeries,
  'spend a bonus': spendABonus,
  'join and leave': joinAndLeave,
} as const satisfies Record<string, (people: CrashCustomers) => Promise<Prepared>>;

export type Scenario = keyof typeof SCENARIOS;

/** Everything that comes before the part in which somebody dies. */
export function prepareScenario(platform: TestStack, scenario: Scenario): Promise<Prepared> {
  return SCENARIOS[scenario](new CrashCustomers(platform));
}

const now = () => Date.now();

async function bookAndPay(people: CrashCustomers): Promise<Prepared> {
  const customer = await people.platform.newCustomer();
  const act = async () => {
    const id = await people.book(customer, people.platform.nextSlot());
    await people.pay(customer, id);
    return { ends: { [id]: 'CONFIRMADA' }, since: now() };
  };
  return { before: {}, act };
}

async function cancelForHalf(people: CrashCustomers): Promise<Prepared> {
  const { customer, id } = await booked(people);
  const act = async () => ({ since: await people.cancel(customer.rest, id), ends: { [id]: 'CANCELADA' } });
  return { before: { [id]: 'CONFIRMADA' }, act };
}

async function expire({ platform }: CrashCustomers): Promise<Prepared> {
  const { id } = await platform.reserve(await platform.newCustomer());
  const sql = 'update reservas set expira_em = now() where id = $1';
  const act = async () => {
    await platform.query('reservas', sql, [id]);
    return { ends: { [id]: 'EXPIRADA' }, since: now() };
  };
  return { before: {}, act };
}

/** A customer gives a slot back, and the one who waits for it takes it. */
async function takeAnOffer(people: CrashCustomers): Promise<Prepared> {
  const { customer: owner, id, slot } = await booked(people);
  const waiting = await people.platform.newCustomer();
  const line = '/api/v1/fila-espera';
  const { body: place } = await waiting.rest.post<{ id: string }>(line, slot);
  const act = async () => {
    await people.cancel(owner.rest, id);
    const offered = await patiently(async () => {
      const { body } = await waiting.rest.get<{ status: string; reservaId?: string }>(`${line}/${place.id}`);
      if (!body.reservaId) throw new Error(`${place.id} is ${body.status}`);
      return body.reservaId;
    });
    await people.pay(waiting, offered);
    const toldOf = ({ filas }: Books) => filas.some(({ oferta }) => oferta?.reservaId === offered);
    return { ends: { [id]: 'CANCELADA', [offered]: 'CONFIRMADA' }, since: now(), toldOf };
  };
  return { before: { [id]: 'CONFIRMADA' }, act };
}

async function bookASeries(people: CrashCustomers): Promise<Prepared> {
  const customer = await people.platform.newCustomer();
  const day = new Date(now() + 4 * 24 * 3_600_000).toISOString().slice(0, 10);
  const quando = { inicioLocal: `${day}T10:00`, duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
  const plano = { espacoId: await people.room(), ...quando };
  const act = async () => {
    const { body } = await patiently(() =>
      customer.rest.post<{ reservas: Array<{ id: string }> }>('/api/v1/series', plano, `cell-${customer.id}`),
    );
    for (const { id } of body.reservas) await people.pay(customer, id);
    const toldOf = ({ series }: Books) => series[0]?.ocorrencias.length === 2;
    return {
      ends: Object.fromEntries(body.reservas.map(({ id }) => [id, 'CONFIRMADA'])),
      since: now(),
      toldOf,
    };
  };
  return { before: {}, act };
}

/** A problem of the space: everything goes back, with a bonus, which pays a part of the next booking. */
async function spendABonus(people: CrashCustomers): Promise<Prepared> {
  const { customer, id } = await booked(people);
  const { rest: admin } = await people.platform.admin();
  const act = async () => {
    await people.cancel(admin, id, { excepcional: 'PROBLEMA_NO_ESPACO' });
    await patiently(async () => {
      const { body } = await customer.rest.get<{ saldo: { centavos: number } }>('/api/v1/creditos');
      if (!body.saldo.centavos) throw new Error('the bonus is not there yet');
    });
    const next = await people.book(customer, people.platform.nextSlot());
    await people.pay(customer, next);
    const toldOf = ({ reservas, creditos }: Books) =>
      reservas.some(({ bonus }) => bonus.concedido > 0) &&
      creditos.lancamentos.some(({ conta }) => conta.startsWith('pagamento:'));
    return { ends: { [id]: 'CANCELADA', [next]: 'CONFIRMADA' }, since: now(), toldOf };
  };
  return { before: { [id]: 'CONFIRMADA' }, act };
}

/** From the first moment to the last of an account's session, with a booking in between. */
async function joinAndLeave(people: CrashCustomers): Promise<Prepared> {
  const { platform } = people;
  // It asks auth for its keys and for a token of its own anew.
  await platform.stack.service('reservas').restart();
  const email = `${randomUUID()}@exemplo.com`;
  const password = 'Senha@123';
  const accounts = () =>
    platform.query<{ verificado: boolean }>(
      'auth',
      'select email_verificado as verificado from usuarios where email = $1',
      [email],
    );
  const act = async () => {
    const pedido = { nome: 'Bia Lima', email, password };
    const { body } = await patiently(() =>
      platform.rest.post<{ id: string }>('/api/v1/auth/signup', pedido, email),
    );
    await patiently(async () => {
      const [account] = await accounts();
      if (!account?.verificado) await platform.verify(email);
    });
    const { body: login } = await patiently(() =>
      platform.rest.post<{ accessToken: string; refreshToken: string }>('/api/v1/auth/login', {
        email,
        password,
      }),
    );
    const { accessToken: token, refreshToken } = login;
    const customer = { id: body.id, email, token, rest: platform.rest.as(token) };
    const id = await people.book(customer, platform.nextSlot());
    await people.payAndWait(customer, id);
    await patiently(() => leave(customer.rest, refreshToken));
    const besides = async () => [
      ...((await accounts()).length === 1 ? [] : ['the account is not there once']),
      ...((await goesOn(people, refreshToken)) ? ['the session goes on after its end'] : []),
    ];
    return { ends: { [id]: 'CONFIRMADA' }, since: now(), besides };
  };
  return { before: {}, act };
}

/** Somebody who has paid for a slot in a room of its own. */
async function booked(people: CrashCustomers) {
  const customer = await people.platform.newCustomer();
  const slot = await people.soon();
  const id = await people.book(customer, slot);
  await people.payAndWait(customer, id);
  return { customer, id, slot };
}

/** A logout whose answer was lost has made the token void that it comes with again. */
async function leave(rest: RestClient, refreshToken: string): Promise<void> {
  try {
    await rest.post('/api/v1/auth/logout', { refreshToken });
  } catch (error) {
    if (!(error instanceof RestError && error.status === 401)) throw error;
  }
}

async function goesOn({ platform }: CrashCustomers, refreshToken: string): Promise<boolean> {
  try {
    await platform.rest.post('/api/v1/auth/refresh', { refreshToken });
    return true;
  } catch (error) {
    if (error instanceof RestError && error.status === 401) return false;
    throw error;
  }
}
