import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { Client } from 'pg';
import { type LoadResult, round, runLoad } from '../stats.ts';
import { firstSlot, HOUR_MS } from './bookings.ts';
import { EspacosEspalhados } from './espacos-espalhados.ts';
import { recordSearch } from './leituras.ts';
import type { ReservasAlone } from './reservas-alone.ts';
import type { Statement } from './statements.ts';

const MINUTO_MS = 60_000;
/** Pages that are walked over before the later page is measured. */
const PAGINAS = 10;
/** What one space in five hundred is large enough for. */
const LOTACAO_RARA = 500;

interface Medida {
  readonly espacos: number;
  /** Blocks of tables and indexes that PostgreSQL looks at for a first page: what it costs however busy the machine is. */
  readonly blocos: number;
  readonly primeira: LoadResult;
  readonly driver: LoadResult;
  readonly adiante: LoadResult;
  readonly rara: LoadResult;
}

/**
 * How fast BuscarEspacosDisponiveis answers a page while the number of spaces grows: the first one, one behind ten others,
 * and the first one of the few spaces that are very large. Every third space is taken. No answer is cached.
 */
export async function benchBusca(alone: ReservasAlone, seconds: number, tamanhos: readonly number[]) {
  const { address, databaseUrl, issuer } = alone;
  let authorization = '';
  const disponibilidade = createGrpcClient(DisponibilidadeService, { address, timeoutMs: 30_000 });
  const inicio = new Date(firstSlot());
  const espacos = await EspacosEspalhados.abrir(databaseUrl, inicio);
  const driver = new Client({ connectionString: databaseUrl });
  await driver.connect();

  const buscar = async (quando: Date, resto: { pageToken?: string; capacidade?: number } = {}) => {
    const periodo = {
      inicio: timestampFromDate(quando),
      fim: timestampFromDate(new Date(quando.getTime() + HOUR_MS)),
    };
    const pagina = await disponibilidade.buscarEspacosDisponiveis(
      { ...periodo, capacidade: 5, ...resto },
      { headers: { authorization } },
    );
    if (pagina.espacos.length === 0) throw new Error('most spaces are free');
    return pagina;
  };
  const medir = (call: (quando: Date) => Promise<unknown>) =>
    runLoad({
      ...{ callers: 1, seconds, work: quandos(inicio) },
      call: async (quando) => {
        await call(quando);
      },
    });

  const medidas: Medida[] = [];
  try {
    for (const tamanho of tamanhos) {
      await espacos.encher(tamanho);
      // A token does not outlive the measurement of many sizes.
      authorization = `Bearer ${await issuer.token({ sub: 'cli_busca', papeis: ['CLIENTE'] })}`;
      const statements = await recordSearch(databaseUrl, inicio);
      let pageToken = '';
      for (let n = 0; n < PAGINAS; n += 1) pageToken = (await buscar(inicio, { pageToken })).nextPageToken;
      await runLoad({
        ...{ callers: 1, seconds: 1, work: quandos(inicio) },
        call: async (quando) => {
          await buscar(quando);
        },
      });
      medidas.push({
        espacos: tamanho,
        blocos: await blocosDe(driver, statements),
        primeira: await medir((quando) => buscar(quando)),
        driver: await medir(async () => {
          for (const { text, values } of statements) await driver.query(text, [...values]);
        }),
        // A token belongs to its period.
        adiante: await medir(() => buscar(inicio, { pageToken })),
        rara: await medir((quando) => buscar(quando, { capacidade: LOTACAO_RARA })),
      });
    }
  } finally {
    await Promise.all([espacos.fechar(), driver.end()]);
    disponibilidade.close();
  }
  const p95 = medidas.map(({ primeira }) => primeira.p95);
  return { medidas, crescimento: round(Math.max(...p95) / Math.min(...p95), 2) };
}

async function blocosDe(driver: Client, statements: readonly Statement[]): Promise<number> {
  let blocos = 0;
  for (const { text, values } of statements) {
    const { rows } = await driver.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, timing off, format json) ${text}`,
      [...values],
    );
    const plano = rows[0]?.['QUERY PLAN'][0].Plan;
    blocos += (plano?.['Shared Hit Blocks'] ?? 0) + (plano?.['Shared Read Blocks'] ?? 0);
  }
  return blocos;
}

/** Starts on the grid of the spaces within the day on which every third of them is taken. */
function* quandos(inicio: Date): Generator<Date> {
  for (let n = 0; ; n++) yield new Date(inicio.getTime() + (n % 80) * 15 * MINUTO_MS);
}

export function reportBusca({ medidas, crescimento }: Awaited<ReturnType<typeof benchBusca>>): void {
  const linhas = medidas.flatMap(({ espacos, primeira, driver, adiante, rara }) => {
    const total = espacos.toLocaleString('en');
    return [
      [`${total} spaces: first page`, primeira] as const,
      [`${total} spaces: bare pg driver, same statements`, driver] as const,
      [`${total} spaces: a page behind ${PAGINAS} others`, adiante] as const,
      [`${total} spaces: for ${LOTACAO_RARA} people`, rara] as const,
    ];
  });
  console.table(Object.fromEntries(linhas));
  const blocos = medidas.map((medida) => `${medida.espacos.toLocaleString('en')}: ${medida.blocos}`);
  console.log(`blocks that PostgreSQL looks at for a first page: ${blocos.join(', ')}`);
  console.log(`slowest p95 / fastest p95 of first pages: ${crescimento}`);
}
