import { type DescMessage, type DescMethod, type Message, toBinary, toJsonString } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { type Env, wholeNumber } from '../whole-number.ts';
import { type Answer, callGrpc, callJson, frame } from './calls.ts';
import { type Known, messages } from './messages.ts';

/** A service that runs, with both listeners. */
export interface FuzzTarget {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly services: readonly ServedService[];
  /** `authorization` headers by the name of a kind of caller. Calls without a header and with a bad token are made too, now and then. */
  readonly callers: Readonly<Record<string, string>>;
  readonly known: Known;
  /** Every reason that the contracts know. */
  readonly reasons: ReadonlySet<string>;
}

/** The part of a served service that matters here. */
interface ServedService {
  readonly methods: readonly {
    readonly spec: { readonly method: DescMethod };
    readonly implemented: boolean;
  }[];
}

export interface FuzzReport {
  /** How often each code was answered. */
  readonly answers: ReadonlyMap<string, number>;
  /** What was answered that must not be, and how to repeat it. */
  readonly failures: readonly string[];
}

/** One call, ready to be sent. */
interface Attempt {
  readonly title: string;
  /** False when the call breaks the protocol itself: then the listener may end it as it likes, and has to live on. */
  readonly wellFormed: boolean;
  send(): Promise<Answer>;
}

const FAULTS: ReadonlySet<string> = new Set(['internal', 'unknown', 'data_loss']);

/** Callers that come at the same moment: they meet in the same rows now and then. */
const AT_ONCE = 6;

/** No call is begun after this time. */
const BUDGET_MS = 10_000;

/** `FUZZ_SEED` repeats a run, `FUZZ_MS` makes it longer or shorter. Says on the console what it did. */
export async function fuzz(target: FuzzTarget, env: Env = process.env): Promise<FuzzReport> {
  const seed = wholeNumber(env, 'FUZZ_SEED', { default: Date.now() % 2 ** 31 });
  const until = performance.now() + wholeNumber(env, 'FUZZ_MS', { default: BUDGET_MS });
  const answers = new Map<string, number>();
  const failures: string[] = [];
  const methods = target.services
    .flatMap((served) => served.methods)
    .map(({ spec, implemented }) => ({ implemented, calls: attempts(target, spec.method) }));
  const one = async (call: number) => {
    const { calls, implemented } = methods[call % methods.length] as (typeof methods)[number];
    const [attempt] = fc.sample(calls, { seed: seed + call, numRuns: 1 });
    if (attempt === undefined) throw new Error('nothing was generated');
    const answer = await attempt.send();
    answers.set(answer.code ?? 'none', (answers.get(answer.code ?? 'none') ?? 0) + 1);
    const wrong = attempt.wellFormed ? judge(answer, implemented, target.reasons) : undefined;
    if (wrong) failures.push(`${attempt.title}: ${wrong} (seed ${seed}, call ${call})`);
  };
  // The first round reaches every method, however slow the machine is.
  for (let call = 0; call < methods.length || performance.now() < until; call += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(call + i)));
  }
  console.info(`fuzz: seed ${seed}, ${[...answers].map(([code, times]) => `${times} ${code}`).join(', ')}`);
  return { answers, failures };
}

function attempts(
  { grpcPort, httpPort, callers, known }: FuzzTarget,
  method: DescMethod,
): fc.Arbitrary<Attempt> {
  const { input } = method;
  const name = `${method.parent.typeName}/${method.name}`;
  const headers = fc.record({
    caller: callersOf(callers),
    key: idempotencyKeys,
  });
  const sent = ({ caller, key }: { caller: string; key: string | undefined }) => ({
    ...(caller !== NOBODY && { authorization: callers[caller] ?? 'Bearer not.a.token' }),
    ...(key !== undefined && { 'idempotency-key': key }),
  });
  const overGrpc = (bytes: Uint8Array, shape: string, wellFormed: boolean) =>
    headers.map((how) => ({
      title: `${name} over gRPC as ${how.caller}: ${shape}`,
      wellFormed,
      send: () => callGrpc(grpcPort, `/${name}`, bytes, sent(how)),
    }));
  const overHttp = (body: string | Uint8Array, shape: string) =>
    headers.map((how) => ({
      title: `${name} over HTTP as ${how.caller}: ${shape}`,
      wellFormed: true,
      send: () => callJson(httpPort, `/${name}`, body, sent(how)),
    }));
  const proper = messages(input, known);
  const properGrpc = proper.chain((message) =>
    overGrpc(frame(toBinary(input, message)), toJsonText(input, message), true),
  );
  const properHttp = proper.chain((message) =>
    overHttp(toJsonText(input, message), toJsonText(input, message)),
  );
  const bytes = fc.uint8Array({ maxLength: 200 });
  return fc.oneof(
    { arbitrary: properGrpc, weight: 5 },
    { arbitrary: properHttp, weight: 5 },
    { arbitrary: bytes.chain((random) => overGrpc(frame(random), `bytes ${hex(random)}`, true)), weight: 1 },
    { arbitrary: bytes.chain((random) => overGrpc(random, `no frame: ${hex(random)}`, false)), weight: 1 },
    {
      arbitrary: fc
        .tuple(proper, fc.nat(40))
        .map(([message, length]) => frame(toBinary(input, message)).subarray(0, length))
        .chain((part) => overGrpc(part, `the first ${part.length} bytes`, false)),
      weight: 1,
    },
    { arbitrary: bytes.chain((random) => overHttp(random, `bytes ${hex(random)}`)), weight: 1 },
    { arbitrary: fc.json().chain((json) => overHttp(json, json)), weight: 1 },
  );
}

const NOBODY = 'nobody';

function callersOf(callers: FuzzTarget['callers']): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...Object.keys(callers)), weight: 8 },
    { arbitrary: fc.constantFrom(NOBODY, 'stranger'), weight: 1 },
  );
}

const idempotencyKeys = fc.option(fc.constantFrom('chave-1', 'chave-2', 'with a space', 'x'.repeat(300)), {
  nil: undefined,
  freq: 1,
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Some messages have no JSON, such as one with an instant out of range: then it is JSON of something else. */
function toJsonText(desc: DescMessage, message: Message): string {
  try {
    return toJsonString(desc, message);
  } catch (error) {
    return JSON.stringify({ [desc.name]: String(error) });
  }
}

/** What is wrong with the answer to a call that keeps to the protocol, if anything. */
function judge(
  { code, reason, message }: Answer,
  implemented: boolean,
  reasons: ReadonlySet<string>,
): string | undefined {
  if (code === 'ok') return undefined;
  const shown = `${code} ${reason}: ${message}`;
  if (code === undefined || FAULTS.has(code)) return `answered ${shown}`;
  if (code === 'unimplemented' && implemented) return `answered ${shown} although it is implemented`;
  if (reason === undefined || !reasons.has(reason)) return `gave no stable reason: ${shown}`;
  return undefined;
}
