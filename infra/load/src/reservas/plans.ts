import { Client } from 'pg';
import { createUnitOfWork } from '../../../../services/reservas/src/persistence/unit-of-work.ts';
import { PostgresConsultaDeReservas } from '../../../../services/reservas/src/reservas/infrastructure/consulta-de-reservas.ts';
import { AgendaCheia } from './agenda-cheia.ts';
import { firstSlot, HOUR_MS } from './bookings.ts';
import { recordAvailability, recordSearch, withDataSource } from './reads.ts';
import { recordStatements, type Statement } from './statements.ts';

const RESERVAS = 100_000;
const ESPACOS = 1_000;
const FILL_MS = 600_000;
/** Somebody who has booked one of the full spaces. */
const CLIENTE = 'cli_cheio1507';
/** Ids by the hundred that a condition spells out. */
const LONG_LIST = /(\{esp_\w+,esp_\w+),[^}]*\}/g;

/**
 * Prints, as Markdown, how PostgreSQL answers the queries that matter. They are taken from the code while it runs, so
 * what is shown is what is sent.
 */
export async function printPlans(databaseUrl: string): Promise<void> {
  const agenda = await AgendaCheia.open(databaseUrl, ESPACOS);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    if (!(await agenda.fill(RESERVAS, performance.now() + FILL_MS)))
      throw new Error('filling the table took too long');
    for (const [title, statements] of await queries(databaseUrl, agenda.espacoId)) {
      console.log(`## ${title}\n`);
      for (const statement of statements) await explain(client, statement);
    }
  } finally {
    await Promise.all([agenda.close(), client.end()]);
  }
}

async function explain(client: Client, { text, values }: Statement): Promise<void> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, buffers, costs off, timing off, summary off) ${text}`,
    [...values],
  );
  const plan = rows.map((row) => row['QUERY PLAN'].replace(LONG_LIST, '$1, ...}')).join('\n');
  console.log(`\`\`\`sql\n${dedent(text)}\n\`\`\`\n\n\`\`\`\n${plan}\n\`\`\`\n`);
}

function dedent(text: string): string {
  return text.trim().replaceAll(/\n {2}/g, '\n');
}

/** The statements by what they are for. */
function queries(
  databaseUrl: string,
  espacoId: string,
): Promise<ReadonlyArray<readonly [string, Statement[]]>> {
  const now = new Date();
  const inicio = new Date(firstSlot());
  const fim = new Date(inicio.getTime() + HOUR_MS);
  const everything = {
    clienteId: undefined,
    espacoId: undefined,
    status: undefined,
    dataInicio: undefined,
    dataFim: undefined,
  };
  return withDataSource(databaseUrl, async (dataSource) => {
    const uow = createUnitOfWork(dataSource);
    const consulta = new PostgresConsultaDeReservas(dataSource);
    const reads = async (work: () => Promise<unknown>) =>
      (await recordStatements(dataSource, work)).filter(({ text }) => /^\s*select/.test(text));
    const ocupacoes = () =>
      uow.run(({ reservas }) =>
        reservas.ocupacoes(
          espacoId,
          new Date(inicio.getTime() - 4 * HOUR_MS),
          new Date(fim.getTime() + 4 * HOUR_MS),
        ),
      );
    const posicao = { ordem: inicio.toISOString(), id: 'res_zzz' };
    return [
      ['CriarReserva: who is near', await reads(ocupacoes)],
      [
        'CriarReserva: how many the customer holds',
        await reads(() =>
          uow.run(({ reservas }) =>
            reservas.compromissos({
              ...{ clienteId: CLIENTE, espacoId, entre: { inicio, fim }, agora: now },
              comOfertas: false,
            }),
          ),
        ),
      ],
      ['ConsultarDisponibilidade: 31 days', await recordAvailability(databaseUrl, espacoId, inicio, 31)],
      ['BuscarEspacosDisponiveis: the first page', await recordSearch(databaseUrl, inicio)],
      [
        'ListarReservas: of a customer',
        await reads(() => consulta.reservas({ ...everything, clienteId: CLIENTE }, 20, undefined)),
      ],
      [
        'ListarReservas: a later page of everything',
        await reads(() => consulta.reservas(everything, 20, posicao)),
      ],
      [
        'ListarReservas: of a space',
        await reads(() => consulta.reservas({ ...everything, espacoId }, 20, undefined)),
      ],
      [
        'Deadlines: holds that ran out',
        await reads(() => uow.run(({ reservas }) => reservas.vencidas('ESPERA', now, 50))),
      ],
      [
        'Deadlines: answers that are overdue',
        await reads(() => uow.run(({ reservas }) => reservas.vencidas('RESPOSTA', now, 50))),
      ],
      [
        'Deadlines: reservations that are over',
        await reads(() => uow.run(({ reservas }) => reservas.vencidas('TERMINO', now, 50))),
      ],
    ] as const;
  });
}
