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

Works on the NATS at NATS_URL (with NATS_USER and the other variables that the services read), or else on that of the
local stack, wherever its ports were moved to.
A replayed event reaches every consumer of its subject; those that had dealt with it skip it.`;

/** What was asked for makes no sense; the message is for the person who asked. */
export class DlqUsageError extends Error {
  override readonly name = 'DlqUsageError';
}

/** A command that was understood. */
export type DlqRequest =
  | { readonly command: 'list'; readonly consumer: string | undefined }
  | { readonly command: 'replay all'; readonly consumer: string | undefined }
  | { readonly command: 'show' | 'replay' | 'drop'; readonly sequence: number };

/**
 * Reads a command.
 *
 * @throws {DlqUsageError} for one that is unknown, incomplete, or has an option of another one.
 */
export function dlqRequest(
  [command = '', number, ...more]: readonly string[],
  { all = false, consumer }: { all?: boolean | undefined; consumer?: string | undefined },
): DlqRequest {
  if (!['list', 'show', 'replay', 'drop'].includes(command))
    throw new DlqUsageError(`unknown command "${command}"`);
  if (more.length > 0) throw new DlqUsageError(`"${more[0]}" is one word too many`);
  if (consumer !== undefined && !/^[\w-]+$/.test(consumer))
    throw new DlqUsageError('--consumer wants the name of a consumer');
  if (command === 'list' || (command === 'replay' && all)) {
    if (number !== undefined) throw new DlqUsageError(`"${number}" is one word too many`);
    if (command === 'list' && all) throw new DlqUsageError('--all belongs to "replay"');
    return { command: command === 'list' ? 'list' : 'replay all', consumer };
  }
  if (all) throw new DlqUsageError('--all belongs to "replay"');
  if (consumer !== undefined) throw new DlqUsageError('--consumer belongs to "list" and "replay --all"');
  return { command: command as 'show' | 'replay' | 'drop', sequence: sequenceOf(command, number) };
}

function sequenceOf(command: string, number: string | undefined): number {
  if (number === undefined) throw new DlqUsageError(`"${command}" wants a number; "list" shows them`);
  if (!/^[1-9]\d{0,15}$/.test(number)) throw new DlqUsageError(`"${number}" is no number of a dead letter`);
  return Number(number);
}

/**
 * Carries out `dlq` commands.
 *
 * @param print takes the lines of the answer
 * @throws Error when there is no such dead letter
 */
export async function runDlq(
  request: DlqRequest,
  bus: EventBus,
  print: (line: string) => void,
): Promise<void> {
  switch (request.command) {
    case 'list':
      return list(bus, request.consumer, print);
    case 'replay all': {
      const limit = Number.POSITIVE_INFINITY;
      return print(`${await replayDeadLetters(bus, { ...of(request.consumer), limit })} replayed`);
    }
    case 'show':
      return show(await existing(bus, request.sequence), print);
    case 'replay': {
      const { sequence } = await existing(bus, request.sequence);
      await replayDeadLetters(bus, { sequence });
      return print(`${sequence} replayed`);
    }
    case 'drop': {
      const { sequence } = await existing(bus, request.sequence);
      await dropDeadLetter(bus, sequence);
      return print(`${sequence} dropped`);
    }
  }
}

async function list(
  bus: EventBus,
  consumer: string | undefined,
  print: (line: string) => void,
): Promise<void> {
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

async function existing(bus: EventBus, sequence: number): Promise<DeadLetterRecord> {
  const record = await readDeadLetter(bus, sequence);
  if (!record) throw new Error(`there is no dead letter ${sequence}`);
  return record;
}

const of = (consumer: string | undefined) => (consumer === undefined ? {} : { durable: consumer });
