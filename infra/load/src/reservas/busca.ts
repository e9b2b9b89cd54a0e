import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { Client } from 'pg';
import { type LoadResult, round, runLoad } from '../stats.ts';
import { firstSlot, HOUR_MS } from './bookings.ts';
import { EspacosEspalhados } from './espacos-espalhados.ts';
import { recordSearch } from './reads.ts';
import type { ReservasAlone } from './reservas-alone.ts';
import type { Statement } from './statements.ts';

const MINUTE_MS = 60_000;
/** Pages that are walked over before the later page is measured. */
const PAGES = 10;
/** What one space in five hundred is large enough for. */
const RARE_CAPACITY = 500;

interface Measurement {
  readonly espacos: number;
  /** Blocks of tables and indexes that PostgreSQL looks at for a first page: what it costs however busy the machine is. */
  readonly blocks: number;
  readonly first: LoadResult;
  readonly driver: LoadResult;
  readonly later: LoadResult;
  readonly rare: LoadResult;
}

/**
 * How fast BuscarEspacosDisponiveis answers a page while the number of spaces grows: the first one, one behind ten others,
 * and the first one of the few spaces that are very large. Every third space is taken. No answer is cached.
 */
export async function benchBusca(alone: ReservasAlone, seconds: number, sizes: readonly number[]) {
  const { address, databaseUrl, issuer } = alone;
  let authorization = '';
  const disponibilidade = createGrpcClient(DisponibilidadeService, { address, timeoutMs: 30_000 });
  const inicio = new Date(firstSlot());
  const espacos = await EspacosEspalhados.open(databaseUrl, inicio);
  const driver = new Client({ connectionString: databaseUrl });
  await driver.connect();

  const search = async (when: Date, rest: { pageToken?: string; capacidade?: number } = {}) => {
    const periodo = {
      inicio: timestampFromDate(when),
      fim: timestampFromDate(new Date(when.getTime() + HOUR_MS)),
    };
    const page = await disponibilidade.buscarEspacosDisponiveis(
      { ...periodo, capacidade: 5, ...rest },
      { headers: { authorization } },
    );
    if (page.espacos.length === 0) throw new Error('most spaces are free');
    return page;
  };
  const measure = (call: (when: Date) => Promise<unknown>) =>
    runLoad({
      ...{ callers: 1, seconds, work: starts(inicio) },
      call: async (when) => {
        await call(when);
      },
    });

  const measurements: Measurement[] = [];
  try {
    for (const size of sizes) {
      await espacos.fill(size);
      // A token does not outlive the measurement of many sizes.
      authorization = `Bearer ${await issuer.token({ sub: 'cli_busca', papeis: ['CLIENTE'] })}`;
      const statements = await recordSearch(databaseUrl, inicio);
      let pageToken = '';
      for (let n = 0; n < PAGES; n += 1) pageToken = (await search(inicio, { pageToken })).nextPageToken;
      await runLoad({
        ...{ callers: 1, seconds: 1, work: starts(inicio) },
        call: async (when) => {
          await search(when);
        },
      });
      measurements.push({
        espacos: size,
        blocks: await blocksOf(driver, statements),
        first: await measure((when) => search(when)),
        driver: await measure(async () => {
          for (const { text, values } of statements) await driver.query(text, [...values]);
        }),
        // A token belongs to its period.
        later: await measure(() => search(inicio, { pageToken })),
        rare: await measure((when) => search(when, { capacidade: RARE_CAPACITY })),
      });
    }
  } finally {
    await Promise.all([espacos.close(), driver.end()]);
    disponibilidade.close();
  }
  const p95 = measurements.map(({ first }) => first.p95);
  return { measurements, growth: round(Math.max(...p95) / Math.min(...p95), 2) };
}

async function blocksOf(driver: Client, statements: readonly Statement[]): Promise<number> {
  let blocks = 0;
  for (const { text, values } of statements) {
    const { rows } = await driver.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, timing off, format json) ${text}`,
      [...values],
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    blocks += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
  }
  return blocks;
}

/** Starts on the grid of the spaces within the day on which every third of them is taken. */
function* starts(inicio: Date): Generator<Date> {
  for (let n = 0; ; n++) yield new Date(inicio.getTime() + (n % 80) * 15 * MINUTE_MS);
}

export function reportBusca({ measurements, growth }: Awaited<ReturnType<typeof benchBusca>>): void {
  const lines = measurements.flatMap(({ espacos, first, driver, later, rare }) => {
    const total = espacos.toLocaleString('en');
    return [
      [`${total} spaces: first page`, first] as const,
      [`${total} spaces: bare pg driver, same statements`, driver] as const,
      [`${total} spaces: a page behind ${PAGES} others`, later] as const,
      [`${total} spaces: for ${RARE_CAPACITY} people`, rare] as const,
    ];
  });
  console.table(Object.fromEntries(lines));
  const blocks = measurements.map(
    (measurement) => `${measurement.espacos.toLocaleString('en')}: ${measurement.blocks}`,
  );
  console.log(`blocks that PostgreSQL looks at for a first page: ${blocks.join(', ')}`);
  console.log(`slowest p95 / fastest p95 of first pages: ${growth}`);
}
