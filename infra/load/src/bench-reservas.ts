/** `npm run bench:reservas`: how fast reservas is, alone on this machine, beside the bare driver doing the same SQL. */
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { benchBusca, reportBusca } from './reservas/busca.ts';
import { benchCriarReserva, reportCriarReserva } from './reservas/criar-reserva.ts';
import { benchDisponibilidade, reportDisponibilidade } from './reservas/disponibilidade.ts';
import { printPlans } from './reservas/plans.ts';
import { startReservasAlone } from './reservas/reservas-alone.ts';

const USAGE = `Usage: npm run bench:reservas -- [options]

  --only PART         criar (CriarReserva), disponibilidade or busca (BuscarEspacosDisponiveis); all when left out
  --seconds N         length of a round and of a measurement, default 10
  --rounds N          rounds of CriarReserva of which the median counts, default 3
  --fill-seconds N    default 300: most that filling the table may take. Availability is measured with 10,000, 100,000
                      and 1,000,000 reservations; sizes that are not reached in time are left out and named
  --spaces N,...      default 1000,10000,100000: among how many spaces BuscarEspacosDisponiveis searches
  --plans             prints the plans of the queries that matter over 100,000 reservations, and measures nothing
  --help

Starts PostgreSQL, Redis, NATS and the service for itself and ends them. Prints tables and, as the last line, JSON.
With the defaults it takes about five minutes and the filling.`;

const { values } = readCommandLine({
  name: 'bench:reservas',
  help: USAGE,
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    'fill-seconds': { type: 'string', default: '300' },
    spaces: { type: 'string', default: '1000,10000,100000' },
    plans: { type: 'boolean', default: false },
  },
});

const count = (option: 'seconds' | 'rounds' | 'fill-seconds') =>
  numberOption('bench:reservas', option, values[option], { min: 1 });
const [seconds, rounds, fillSeconds] = [count('seconds'), count('rounds'), count('fill-seconds')] as const;
const sizes = values.spaces
  .split(',')
  .map((text) => numberOption('bench:reservas', 'spaces', text, { min: 1_000 }));
const { only } = values;
if (only !== undefined && !['criar', 'disponibilidade', 'busca'].includes(only))
  misused('bench:reservas', `--only wants criar, disponibilidade or busca, not "${only}"`);

await run();

async function run(): Promise<void> {
  const wants = (part: string) => only === undefined || only === part;
  const alone = await startReservasAlone();
  try {
    if (values.plans) return await printPlans(alone.databaseUrl);
    const criar = wants('criar') ? await benchCriarReserva(alone, seconds, rounds) : undefined;
    if (criar) reportCriarReserva(criar);
    const disponibilidade = wants('disponibilidade')
      ? await benchDisponibilidade(alone, seconds, fillSeconds)
      : undefined;
    if (disponibilidade) reportDisponibilidade(disponibilidade);
    const busca = wants('busca') ? await benchBusca(alone, seconds, sizes) : undefined;
    if (busca) reportBusca(busca);
    console.log(JSON.stringify({ criar, disponibilidade, busca }));
  } finally {
    await alone.stop();
  }
}
