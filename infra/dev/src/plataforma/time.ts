import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { lineOf, reservaById, reservaWord } from './reserva.ts';
import { asAdministrator, runningStack } from './running-stack.ts';

const HELP = `npm run plataforma -- time <res_...>

Prints when what concerns a reservation of the local stack happens, and how far from now that is, by this machine's clock, which all
parts of the stack share. Nothing moves that clock: what is to be tried out soon is booked for soon.`;

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `time`: the clock, and what it means for a reservation. */
export async function time(args: readonly string[]): Promise<void> {
  const { words: given } = readCommandLine({ name: 'time', help: HELP, words: 1 }, args);
  const id = reservaWord('time', given);
  const reserva = await asAdministrator(await runningStack(), (plataforma) => reservaById(plataforma, id));
  const now = new Date();
  const rows: readonly [string, Timestamp | undefined][] = [
    ['made', reserva.criadoEm],
    ['to be paid until', reserva.expiraEm],
    ['confirmed', reserva.confirmadoEm],
    ['cancelled', reserva.canceladoEm],
    ['begins', reserva.dataInicio],
    ['ends', reserva.dataFim],
  ];
  console.log(`${lineOf(reserva)}\n${'now'.padEnd(18)}${now.toISOString()}`);
  for (const [what, at] of rows)
    if (at)
      console.log(`${what.padEnd(18)}${timestampDate(at).toISOString()}  ${fromNow(timestampDate(at), now)}`);
}

/** In the largest unit of which it is one at least. */
function fromNow(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  const [unit, length] = UNITS.find(([, size]) => Math.abs(ms) >= size) ?? UNITS[3];
  return words.format(Math.trunc(ms / length), unit);
}
