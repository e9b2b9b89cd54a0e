import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { makeSpaces } from '../spaces.ts';
import { type LoadResult, median, round, runLoad, summarize } from '../stats.ts';
import { Baseline, recordBooking } from './baseline.ts';
import { type Booking, bookings, firstSlot, HOUR_MS, take } from './bookings.ts';
import type { ReservasAlone } from './reservas-alone.ts';

const CALLERS = 32;
const SPACES = 1_000;
const CONNECTIONS = 10;
const RIVALS = 200;
const SLOTS = 100;
const TRIES_PER_RIVAL = 20;
/** What one customer may hold at the same time. */
const PER_CUSTOMER = 5;
const WARM_UP_S = 3;

type Book = (booking: Booking, authorization: string) => Promise<void>;
type TokenFor = (sub: string) => Promise<string>;

/** How fast slots are booked, beside the bare driver doing the same SQL, and what happens when many want the same. */
export async function benchCriarReserva(alone: ReservasAlone, seconds: number, rounds: number) {
  const { address, databaseUrl, issuer } = alone;
  const token = async (sub: string, papeis = ['CLIENTE']) => `Bearer ${await issuer.token({ sub, papeis })}`;
  const reservas = createGrpcClient(ReservasService, { address, timeoutMs: 30_000 });
  const book: Book = async ({ espacoId, inicio, fim }, authorization) => {
    const request = { espacoId, dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
    await reservas.criarReserva(request, { headers: { authorization } });
  };
  const spaces = await makeSpaces(address, await token('cli_admin', ['ADMIN']), SPACES + 1);
  const contested = spaces.pop() ?? '';
  const slots = bookings(spaces);
  const recorded = take(slots);
  const baseline = new Baseline(
    databaseUrl,
    await recordBooking(databaseUrl, recorded),
    recorded,
    CONNECTIONS,
  );

  const service: LoadResult[] = [];
  const driver: LoadResult[] = [];
  const cpu: number[] = [];
  for (let n = 0; n <= rounds; n++) {
    // The first round warms both up and is not counted.
    const length = n === 0 ? WARM_UP_S : seconds;
    const work = await withTokens(slots, token, length * 1_500);
    const before = await alone.cpuSeconds();
    const byService = await runLoad({
      callers: CALLERS,
      seconds: length,
      work: work[Symbol.iterator](),
      call: ([booking, authorization]) => book(booking, authorization),
    });
    const spent = (await alone.cpuSeconds()) - before;
    const replay = (booking: Booking) => baseline.book(booking);
    const byDriver = await runLoad({ callers: CALLERS, seconds: length, work: slots, call: replay });
    if (n === 0) continue;
    service.push(byService);
    driver.push(byDriver);
    cpu.push((spent * 1_000) / byService.calls);
  }
  const memoryMiB = await alone.memoryMiB();
  const rivalry = await fight(book, token, contested);
  await baseline.close();
  reservas.close();
  return {
    service: median(service),
    driver: median(driver),
    statements: baseline.statements,
    ratio: round(median(service).perSecond / median(driver).perSecond, 2),
    cpuMsPerBooking: round(cpu.toSorted((a, b) => a - b)[Math.floor(cpu.length / 2)] ?? 0),
    memoryMiB,
    rivalry,
  };
}

/** Bookings by new customers, as many each as one may hold. */
async function withTokens(slots: Iterator<Booking>, token: TokenFor, count: number) {
  const prepared: Array<[Booking, string]> = [];
  while (prepared.length < count) {
    const clienteId = `cli_${randomUUID().slice(0, 8)}`;
    const authorization = await token(clienteId);
    for (let n = 0; n < PER_CUSTOMER; n++) prepared.push([{ ...take(slots), clienteId }, authorization]);
  }
  return prepared;
}

/** Many want the same slots of one space at once. */
async function fight(book: Book, token: TokenFor, espacoId: string) {
  const first = firstSlot();
  const times: number[] = [];
  let winners = 0;
  let otherErrors = 0;
  const tokens = await Promise.all(Array.from({ length: RIVALS }, (_, n) => token(`cli_rival${n}`)));
  const rival = async (authorization: string, n: number) => {
    for (let attempt = 0; attempt < TRIES_PER_RIVAL; attempt++) {
      const inicio = new Date(first + ((n + attempt) % SLOTS) * 2 * HOUR_MS);
      const fim = new Date(inicio.getTime() + HOUR_MS);
      const begin = performance.now();
      const outcome = await book({ espacoId, clienteId: '', inicio, fim }, authorization).then(
        () => 'won' as const,
        (error: unknown) => ConnectError.from(error).code,
      );
      times.push(performance.now() - begin);
      if (outcome === 'won') winners++;
      else if (outcome !== Code.AlreadyExists && outcome !== Code.FailedPrecondition) otherErrors++;
    }
  };
  const start = performance.now();
  await Promise.all(tokens.map(rival));
  return { ...summarize(times, (performance.now() - start) / 1_000), winners, otherErrors };
}

type Result = Awaited<ReturnType<typeof benchCriarReserva>>;

export function reportCriarReserva(result: Result): void {
  const { service, driver, statements, rivalry } = result;
  console.table({
    [`CriarReserva over gRPC, ${CALLERS} callers`]: service,
    [`bare pg driver, same ${statements} statements`]: driver,
    [`${RIVALS} callers for ${SLOTS} slots`]: rivalry,
  });
  console.log(`throughput of the service / of the bare driver: ${result.ratio}`);
  console.log(
    `CPU of the service: ${result.cpuMsPerBooking} ms per booking; memory: ${result.memoryMiB} MiB`,
  );
  console.log(
    `winners of ${SLOTS} slots: ${rivalry.winners}; answers that are neither yes nor no: ${rivalry.otherErrors}; ` +
      `p99 / p99 without rivals: ${round(rivalry.p99 / service.p99)}`,
  );
}
