/**
 * `npm run bench:reservas`: how fast reservas books, alone on this machine, beside the bare driver doing the same SQL.
 * Prints a table and JSON. `--seconds N` (default 10) per round, `--rounds N` (default 3; medians are reported).
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { Baseline, type Booking, recordTransaction } from './baseline.ts';
import { type ReservasAlone, startReservasAlone } from './reservas-alone.ts';
import { type LoadResult, median, runLoad, summarize } from './stats.ts';

const CALLERS = 32;
const SPACES = 1_000;
const CONNECTIONS = 10;
const RIVALS = 200;
const SLOTS = 100;
const TRIES_PER_RIVAL = 20;
const HOUR_MS = 3_600_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '3' } },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);

const alone = await startReservasAlone();
try {
  await bench(alone);
} finally {
  await alone.stop();
}

async function bench({ address, databaseUrl, issuer, peakMemoryMiB }: ReservasAlone): Promise<void> {
  const reservas = createGrpcClient(ReservasService, { address, timeoutMs: 30_000 });
  const token = (sub: string, papeis = ['CLIENTE']) => issuer.token({ sub, papeis, expiresInSeconds: 3_600 });
  const spaces = await makeSpaces(address, await token('cli_admin', ['ADMIN']));
  const slots = bookings(spaces);
  const recorded = take(slots);
  const baseline = new Baseline(
    databaseUrl,
    await recordTransaction(databaseUrl, recorded),
    recorded,
    CONNECTIONS,
  );

  const book = async (booking: Booking, authorization: string) => {
    const { espacoId, inicio, fim } = booking;
    const request = { espacoId, dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
    await reservas.criarReserva(request, { headers: { authorization } });
  };
  const withTokens = async (count: number) => {
    const prepared: Array<[Booking, string]> = [];
    for (let made = 0; made < count; made += 5) {
      const clienteId = `cli_${randomUUID().slice(0, 8)}`;
      const authorization = `Bearer ${await token(clienteId)}`;
      for (let n = 0; n < 5; n++) prepared.push([{ ...take(slots), clienteId }, authorization]);
    }
    return prepared;
  };

  const service: LoadResult[] = [];
  const driver: LoadResult[] = [];
  for (let round = 0; round <= rounds; round++) {
    // The first round warms both up and is not counted.
    const length = round === 0 ? 3 : seconds;
    const byService = await runLoad({
      callers: CALLERS,
      seconds: length,
      work: (await withTokens(length * 1_500))[Symbol.iterator](),
      call: ([booking, authorization]) => book(booking, authorization),
    });
    const byDriver = await runLoad({
      callers: CALLERS,
      seconds: length,
      work: slots,
      call: (booking) => baseline.book(booking),
    });
    if (round > 0) {
      service.push(byService);
      driver.push(byDriver);
    }
  }
  const memory = await peakMemoryMiB();
  const rivalry = await fight(book, token, spaces);
  await baseline.close();
  reservas.close();
  report({
    service: median(service),
    driver: median(driver),
    rivalry,
    memory,
    statements: baseline.statements,
  });
}

interface Report {
  readonly service: LoadResult;
  readonly driver: LoadResult;
  readonly rivalry: LoadResult & { readonly winners: number; readonly otherErrors: number };
  readonly memory: number | undefined;
  readonly statements: number;
}

function report({ service, driver, rivalry, memory, statements }: Report): void {
  const ratio = Math.round((service.perSecond / driver.perSecond) * 100) / 100;
  console.table({
    [`CriarReserva over gRPC, ${CALLERS} callers`]: service,
    [`bare pg driver, same ${statements} statements`]: driver,
    [`${RIVALS} callers for ${SLOTS} slots`]: rivalry,
  });
  console.log(`throughput of the service / of the bare driver: ${ratio}`);
  console.log(
    `winners of ${SLOTS} slots: ${rivalry.winners}; answers that are neither yes nor no: ${rivalry.otherErrors}`,
  );
  console.log(`memory of the service after the load: ${memory} MiB`);
  console.log(JSON.stringify({ service, driver, ratio, rivalry, memoryMiB: memory }));
}

async function makeSpaces(address: string, token: string): Promise<string[]> {
  const espacos = createGrpcClient(EspacosService, { address, timeoutMs: 30_000 });
  const ids: string[] = [];
  await runLoad({
    callers: CALLERS,
    seconds: 120,
    work: Array.from({ length: SPACES + 1 }, (_, n) => n)[Symbol.iterator](),
    call: async (n) => {
      const request = {
        nome: `Sala ${n}`,
        tipo: TipoEspaco.SALA_REUNIAO,
        capacidade: 10,
        precoPorHora: { centavos: 10_000n, moeda: 'BRL' },
      };
      const { id } = await espacos.criarEspaco(request, { headers: { authorization: `Bearer ${token}` } });
      ids.push(id);
    },
  });
  espacos.close();
  return ids;
}

/** Slots that nobody else asks for: one hour every two hours, space by space. */
function* bookings(spaces: readonly string[]): Generator<Booking> {
  const first = new Date(Date.now() + 72 * HOUR_MS).setUTCMinutes(0, 0, 0);
  for (let slot = 0; slot < 1_900; slot++) {
    const inicio = new Date(first + slot * 2 * HOUR_MS);
    const fim = new Date(inicio.getTime() + HOUR_MS);
    for (const espacoId of spaces.slice(0, SPACES))
      yield { espacoId, clienteId: `cli_${randomUUID().slice(0, 8)}`, inicio, fim };
  }
}

function take(slots: Iterator<Booking>): Booking {
  const next = slots.next();
  if (next.done) throw new Error('out of slots');
  return next.value;
}

/** Many want the same slots of one space at once. */
async function fight(
  book: (booking: Booking, authorization: string) => Promise<void>,
  token: (sub: string) => Promise<string>,
  spaces: readonly string[],
) {
  const espacoId = spaces.at(-1) ?? '';
  const first = new Date(Date.now() + 72 * HOUR_MS).setUTCMinutes(0, 0, 0);
  const times: number[] = [];
  let winners = 0;
  let otherErrors = 0;
  const rivals = await Promise.all(
    Array.from({ length: RIVALS }, async (_, n) => ({
      n,
      authorization: `Bearer ${await token(`cli_rival${n}`)}`,
    })),
  );
  const start = performance.now();
  await Promise.all(
    rivals.map(async ({ n, authorization }) => {
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
    }),
  );
  return { ...summarize(times, (performance.now() - start) / 1_000), winners, otherErrors };
}
