import {
  type DeadLetterFacts,
  type DeadLetterRecord,
  deadLettersFrom,
  dropDeadLetter,
  factsOf,
  readDeadLetter,
} from '@plataforma/runtime/dead-letter-box';
import { replayDeadLetters } from '@plataforma/runtime/dead-letter-replay';
import type { EventBus } from '@plataforma/runtime/event-bus';
import { fromNatsHeaders } from '@plataforma/runtime/event-message';

export const USAGE = `Usage: npm run dlq -- <command>

  list [--consumer <name>]               events that were given up, oldest first
  show <seq>                             one of them: headers, body and what went wrong
  replay <seq>                           send it to its consumers again, and forget it here
  replay --all [--consumer <name>]       send all of them again
  drop <seq>                             forget it for good

Environment: NATS_URL, or NATS_PORT on this machine (4222).
A replayed event reaches every consumer of its subject; those that had dealt with it skip it.`;

/** What was asked for is wrong or not there; the message is for the person who asked. */
export class DlqUsageError extends Error {
  override readonly name = 'DlqUsageError';
}

interface Request {
  readonly command: string;
  readonly sequence: number | undefined;
  readonly all: boolean;
  readonly consumer: string | undefined;
}

/**
 * Carries out `dlq` commands.
 *
 * @param print takes the lines of the answer
 * @throws DlqUsageError
 */
export async function runDlq(
  args: readonly string[],
  bus: EventBus,
  print: (line: string) => void,
): Promise<void> {
  const request = parse(args);
  switch (request.command) {
    case 'list':
      return list(bus, request, print);
    case 'show':
      return show(await existing(bus, request), print);
    case 'replay':
      return replay(bus, request, print);
    case 'drop': {
      const { sequence } = await existing(bus, request);
      await dropDeadLetter(bus, sequence);
      return print(`${sequence} dropped`);
    }
    default:
      throw new DlqUsageError(`unknown command "${request.command}"`);
  }
}

function parse([command = '', ...rest]: readonly string[]): Request {
  let request: Request = { command, sequence: undefined, all: false, consumer: undefined };
  for (let words = [...rest]; words.length > 0; ) {
    const word = words.shift() ?? '';
    if (word === '--all') request = { ...request, all: true };
    else if (word === '--consumer') request = { ...request, consumer: checked(words.shift()) };
    else if (/^[1-9]\d{0,15}$/.test(word)) request = { ...request, sequence: Number(word) };
    else throw new DlqUsageError(`"${word}" is neither an option nor a number`);
    words = [...words];
  }
  return request;
}

function checked(consumer: string | undefined): string {
  if (consumer && /^[\w-]+$/.test(consumer)) return consumer;
  throw new DlqUsageError('--consumer wants the name of a consumer');
}

async function list(bus: EventBus, { consumer }: Request, print: (line: string) => void): Promise<void> {
  const facts: DeadLetterFacts[] = [];
  for await (const record of deadLettersFrom(bus, of(consumer))) facts.push(factsOf(record));
  for (const { sequence, at, consumer: by, subject, aggregate, deliveries, error } of facts) {
    print(`${sequence}  ${at}  ${by}  ${subject}  ${aggregate}`);
    print(`    after ${deliveries} deliveries: ${error}`);
  }
  print(facts.length === 0 ? 'no dead letters' : `${facts.length} dead letters`);
}

function show(record: DeadLetterRecord, print: (line: string) => void): void {
  const { sequence, consumer, subject, error, deliveries, at } = factsOf(record);
  print(`${sequence}: ${subject}, given up by ${consumer} at ${at} after ${deliveries} deliveries`);
  print(`error: ${error}`);
  for (const [name, value] of Object.entries(fromNatsHeaders(record.headers))) print(`  ${name}: ${value}`);
  print(pretty(new TextDecoder().decode(record.payload)));
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch (error) {
    // That may well be why it was given up.
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}

async function replay(bus: EventBus, request: Request, print: (line: string) => void): Promise<void> {
  if (request.all) {
    const limit = Number.POSITIVE_INFINITY;
    return print(`${await replayDeadLetters(bus, { ...of(request.consumer), limit })} replayed`);
  }
  const { sequence } = await existing(bus, request);
  await replayDeadLetters(bus, { sequence });
  print(`${sequence} replayed`);
}

async function existing(bus: EventBus, { command, sequence }: Request): Promise<DeadLetterRecord> {
  if (sequence === undefined) throw new DlqUsageError(`"${command}" wants a number; "list" shows them`);
  const record = await readDeadLetter(bus, sequence);
  if (!record) throw new DlqUsageError(`there is no dead letter ${sequence}`);
  return record;
}

const of = (consumer: string | undefined) => (consumer === undefined ? {} : { durable: consumer });
