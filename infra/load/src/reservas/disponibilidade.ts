import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createRedis } from '@plataforma/runtime/redis';
import { Client } from 'pg';
import { AgendasEmCache } from '../../../../services/reservas/src/agenda/infrastructure/agendas-em-cache.ts';
import { type LoadResult, round, runLoad } from '../stats.ts';
import { AgendaCheia, PER_SPACE } from './agenda-cheia.ts';
import { firstSlot, HOUR_MS } from './bookings.ts';
import { recordAvailability } from './reads.ts';
import type { ReservasAlone } from './reservas-alone.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const ESPACOS = 1_000;
const DAYS = 31;
const MINUTE_MS = 60_000;

interface Measurement {
  readonly reservas: number;
  readonly ask: LoadResult;
  readonly driver: LoadResult;
  readonly search: LoadResult;
}

/**
 * How fast ConsultarDisponibilidade answers for a space with 2,000 reservations, and BuscarEspacosDisponiveis among 1,000
 * spaces, while the table grows. Nothing is answered by the cache: the space is new to it at every question.
 *
 * @param fillSeconds for all filling together; the sizes that are not reached within it are left out.
 */
export async function benchDisponibilidade(alone: ReservasAlone, seconds: number, fillSeconds: number) {
  const { address, databaseUrl, redisUrl, issuer } = alone;
  const authorization = `Bearer ${await issuer.token({ sub: 'cli_busca', papeis: ['CLIENTE'] })}`;
  const disponibilidade = createGrpcClient(DisponibilidadeService, { address, timeoutMs: 30_000 });
  const agenda = await AgendaCheia.open(databaseUrl, ESPACOS);
  const driver = new Client({ connectionString: databaseUrl });
  await driver.connect();
  const redis = createRedis(redisUrl);
  const cache = new AgendasEmCache({
    origem: { entre: () => Promise.reject(new Error('nobody asks it')) },
    ...{ redis, metrics: createMetrics('bench') },
  });
  const headers = { headers: { authorization } };
  const starts = freshStarts();

  const ask = async (inicio: Date) => {
    // As if the space had just changed: what is measured is the database, not Redis.
    await cache.invalidar([agenda.espacoId]);
    const fim = new Date(inicio.getTime() + DAYS * 24 * HOUR_MS);
    const { livres } = await disponibilidade.consultarDisponibilidade(
      { espacoId: agenda.espacoId, dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) },
      headers,
    );
    if (livres.length === 0) throw new Error('a full agenda has free intervals between its reservations');
  };
  const search = async (inicio: Date) => {
    // The answers are not cached, so only the grid of the spaces matters.
    inicio.setUTCMilliseconds(0);
    const fim = new Date(inicio.getTime() + HOUR_MS);
    const periodo = { dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
    const { espacos } = await disponibilidade.buscarEspacosDisponiveis(
      { ...periodo, capacidade: 5 },
      headers,
    );
    if (espacos.length === 0) throw new Error('most spaces are free');
  };
  const statements = await recordAvailability(databaseUrl, agenda.espacoId, new Date(firstSlot()), DAYS);
  const replay = async () => {
    for (const { text, values } of statements) await driver.query(text, [...values]);
  };
  const measure = (call: (inicio: Date) => Promise<void>) =>
    runLoad({ callers: 1, seconds, work: starts, call });

  const measurements: Measurement[] = [];
  try {
    let deadline = performance.now() + fillSeconds * 1_000;
    for (const reservas of SIZES) {
      if (!(await agenda.fill(reservas, deadline))) break;
      const begin = performance.now();
      await runLoad({ callers: 1, seconds: 1, work: starts, call: ask });
      measurements.push({
        reservas,
        ask: await measure(ask),
        driver: await measure(replay),
        search: await measure(search),
      });
      // Measuring does not count as filling.
      deadline += performance.now() - begin;
    }
  } finally {
    await Promise.all([agenda.close(), driver.end()]);
    disponibilidade.close();
    redis.disconnect();
  }
  const p95 = measurements.map(({ ask }) => ask.p95);
  return { measurements, growth: round(Math.max(...p95) / Math.min(...p95), 2), filled: agenda.reservas };
}

/** Starts that no call has asked for before, on the grid of the spaces. */
function* freshStarts(): Generator<Date> {
  const first = firstSlot();
  for (let n = 0; ; n++) yield new Date(first + (n % 4_000) * 15 * MINUTE_MS + Math.floor(n / 4_000));
}

type Result = Awaited<ReturnType<typeof benchDisponibilidade>>;

export function reportDisponibilidade({ measurements, growth, filled }: Result): void {
  const lines = measurements.flatMap(({ reservas, ask, driver, search }) => {
    const total = reservas.toLocaleString('en');
    return [
      [`${total} reservations: ${DAYS} days of a space with ${PER_SPACE}`, ask] as const,
      [`${total} reservations: bare pg driver, same statements`, driver] as const,
      [`${total} reservations: search among ${ESPACOS} spaces`, search] as const,
    ];
  });
  console.table(Object.fromEntries(lines));
  console.log(`slowest p95 / fastest p95 of the sizes: ${growth}`);
  const leftOut = SIZES.filter((size) => measurements.every(({ reservas }) => reservas !== size));
  if (leftOut.length > 0)
    console.log(`left out, the time for filling was over at ${filled} reservations: ${leftOut.join(', ')}`);
}
