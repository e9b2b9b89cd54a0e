import {
  create,
  type DescMessage,
  type DescMethod,
  type Message,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import fc from 'fast-check';
import { type Env, wholeNumber } from '../whole-number.ts';
import { callGrpc, frame } from './calls.ts';
import type { FuzzTarget } from './fuzz.ts';
import { loopTime } from './loop-time.ts';
import { messages } from './messages.ts';

/** The request of an RPC that kept the event loop busy the longest, of those that were tried. */
export interface Slowest {
  readonly rpc: string;
  readonly ms: number;
  readonly caller: string;
  /** To be repeated: the beginning of its JSON. */
  readonly request: string;
}

/** Requests of an RPC that are tried in each round; the best of a round are varied in the next one. */
const ROUND = 6;
const ROUNDS = 3;
const BEST = 2;

/** No search of an RPC is begun after this time. */
const BUDGET_MS = 60_000;

interface Attempt {
  readonly message: Message;
  readonly caller: string;
  readonly ms: number;
}

/**
 * Searches every RPC of a service in this process for the request that keeps its event loop busy the longest: with full
 * lists and long texts, by varying those that were slow. `FUZZ_SEED` repeats a search.
 */
export async function slowestRequests(target: FuzzTarget, env: Env = process.env): Promise<Slowest[]> {
  const seed = wholeNumber(env, 'FUZZ_SEED', { default: Date.now() % 2 ** 31 });
  const until = performance.now() + BUDGET_MS;
  const found: Slowest[] = [];
  for (const { spec, implemented } of target.services.flatMap(({ methods }) => methods)) {
    if (!implemented || performance.now() > until) continue;
    found.push(await slowest(target, spec.method, seed + found.length * ROUND * ROUNDS));
  }
  found.sort((a, b) => b.ms - a.ms);
  const shown = found.slice(0, 3).map(({ rpc, ms }) => `${rpc} ${ms.toFixed(1)} ms`);
  console.info(`slowest: seed ${seed}, ${found.length} RPCs, ${shown.join(', ')}`);
  return found;
}

async function slowest(target: FuzzTarget, method: DescMethod, seed: number): Promise<Slowest> {
  const { input, parent } = method;
  const path = `/${parent.typeName}/${method.name}`;
  const arbitrary = fc.record({
    message: messages(input, target.known, 'full'),
    caller: fc.constantFrom(...Object.keys(target.callers)),
    crossings: fc.array(fc.boolean(), { minLength: input.fields.length, maxLength: input.fields.length }),
  });
  const call = ({ message, caller }: Pick<Attempt, 'message' | 'caller'>) => {
    const headers = { authorization: target.callers[caller] ?? '' };
    return callGrpc(target.grpcPort, path, frame(toBinary(input, message)), headers);
  };
  let best: Attempt[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const samples = fc.sample(arbitrary, { seed: seed + round, numRuns: ROUND });
    const tried: Attempt[] = [];
    for (const [index, { message, caller, crossings }] of samples.entries()) {
      const parent = best[index % BEST];
      const attempt = parent
        ? { message: crossed(input, parent.message, message, crossings), caller: parent.caller }
        : { message, caller };
      tried.push({ ...attempt, ms: await loopTime(() => call(attempt), 1) });
    }
    best = [...best, ...tried].sort((a, b) => b.ms - a.ms).slice(0, BEST);
  }
  const [worst] = best;
  if (worst === undefined) throw new Error('nothing was generated');
  // Once more and again: the first time may have been disturbed.
  const ms = Math.min(worst.ms, await loopTime(() => call(worst)));
  return { rpc: path.slice(1), ms, caller: worst.caller, request: beginning(input, worst.message) };
}

/** One request with some fields of another. */
function crossed(desc: DescMessage, one: Message, other: Message, crossings: readonly boolean[]): Message {
  const [from, into] = [other, one].map((message) => message as unknown as Record<string, unknown>);
  const members = desc.fields
    .filter((_, index) => crossings[index])
    .map(({ oneof, localName }) => oneof?.localName ?? localName);
  const taken = Object.fromEntries(members.map((member) => [member, from?.[member]]));
  return Object.assign(create(desc), into, taken);
}

function beginning(desc: DescMessage, message: Message): string {
  try {
    return JSON.stringify(toJson(desc, message)).slice(0, 300);
  } catch (error) {
    return String(error);
  }
}
