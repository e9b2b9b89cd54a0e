import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { TEST_TEMPLATES } from '@plataforma/testing/prepared-database';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { TEST_POSTGRES } from '@plataforma/testing/test-database';
import { type Instrumented, instrument, type Mutant } from './changes/instrument.ts';
import { Reach, type Rehearsal } from './running/reach.ts';
import { SpecProcess } from './running/spec-process.ts';
import { importersIn, type Package } from './sources/packages.ts';
import type { Judged } from './verdicts/gate.ts';
import { type Identity, identities, keyOf } from './verdicts/identity.ts';
import { Judge, type Verdict } from './verdicts/judge.ts';
import { rehearse } from './verdicts/rehearsal.ts';
import { describeLoss } from './verdicts/report.ts';
import { digest, Results } from './verdicts/results.ts';

export interface SessionOptions {
  readonly root: string;
  /** A folder that keeps what is known from run to run. */
  readonly work: string;
  readonly own: Package;
  /** The sources whose mutants are judged, and the lines of them when not all are. */
  readonly files: ReadonlySet<string>;
  readonly lines: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  /** How many at most: a sample that the seed decides. */
  readonly sample: number;
  readonly seed: string;
  readonly concurrency: number;
  /** Whatever is not judged by then is cut short. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onJudged: (verdict: Verdict, progress: { readonly done: number; readonly chosen: number }) => void;
}

export interface Session {
  readonly judged: readonly Judged[];
  /** How many could have been judged. */
  readonly total: number;
  /** Keys of all mutants of the files. */
  readonly existing: ReadonlySet<string>;
  /** How many tests could tell nothing, in a line; not asked for when all verdicts are known. */
  readonly loss: string | undefined;
}

/** A mutant with what it is known by. */
interface Known {
  readonly mutant: Mutant;
  readonly identity: Identity;
  readonly key: string;
}

/** Judges mutants of a package, in an order that is the same every time, as far as the deadline lets it. */
export async function judgeMutants(options: SessionOptions): Promise<Session> {
  const { root, work, own, files, lines, seed, sample, say } = options;
  // All sources, whichever are judged: so the same mutant has the same switch in every run.
  const instrumented = await instrument(root, own.sources);
  const names = identities(instrumented.mutants);
  const existing = instrumented.mutants
    .filter(({ file }) => files.has(file))
    .map((mutant) => known(mutant, names.get(mutant.id)));
  const candidates = existing.filter(({ mutant: { file, line } }) => !lines || lines.get(file)?.has(line));
  const rank = ({ key }: Known) => digest(`${seed} ${key}`);
  const chosen = candidates.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, sample);
  const results = new Results(join(work, 'results.jsonl'), root, own.specs);
  const judged: Judged[] = [];
  const tell = ({ identity, mutant: { file, line } }: Known, verdict: Verdict) => {
    judged.push({ identity, place: `${file}:${line}`, verdict });
    options.onJudged(verdict, { done: judged.length, chosen: chosen.length });
  };
  const open = chosen.filter((one) => {
    const verdict = results.find(one.key, one.mutant.file);
    if (verdict) tell(one, verdict);
    return !verdict;
  });
  say(
    `${candidates.length} mutants, ${chosen.length} chosen, ${chosen.length - open.length} known from earlier runs`,
  );
  const onVerdict = (one: Known, verdict: Verdict) => {
    results.add(one.key, one.mutant.file, verdict);
    tell(one, verdict);
  };
  const loss = open.length > 0 ? await judgeOpen(options, instrumented, open, onVerdict) : undefined;
  const keys = new Set(existing.map(({ key }) => key));
  return { judged, total: candidates.length, existing: keys, loss };
}

async function judgeOpen(
  { root, work, own, concurrency, say, ...limits }: SessionOptions,
  instrumented: Instrumented,
  open: readonly Known[],
  onVerdict: (one: Known, verdict: Verdict) => void,
): Promise<string | undefined> {
  await mkdir(work, { recursive: true });
  const sources = join(work, 'sources.json');
  await writeFile(sources, JSON.stringify(instrumented.sources));
  const cluster = await clusterFor(own);
  const signal = AbortSignal.any([
    limits.signal,
    AbortSignal.timeout(Math.max(0, Math.round(limits.deadline - Date.now()))),
  ]);
  const processes = Array.from({ length: concurrency }, () => new SpecProcess(sources, cluster.env, signal));
  const stopAll = () => Promise.all(processes.map((process) => process.stop()));
  signal.addEventListener('abort', stopAll);
  let loss: string | undefined;
  try {
    const rehearsal = await rehearse({ root, work, own, instrumented }, processes, say);
    loss = await tellLoss(rehearsal, { root, work, say });
    const reach = new Reach(rehearsal, instrumented.mutants, importersIn(root, own.sources));
    const queue = open.values();
    const lane = async (specs: SpecProcess) => {
      const judge = new Judge(root, specs);
      for (const one of queue) onVerdict(one, await judge.judge(one.mutant, reach.trialsOf(one.mutant)));
    };
    await Promise.all(processes.map(lane));
  } catch (error) {
    // What was cut short says nothing; what was judged before is kept.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stopAll);
    await stopAll();
    await cluster.stop();
  }
  return loss;
}

/** Before anything is judged: who waits for hours wants to know what it will be worth. */
async function tellLoss(
  rehearsal: Rehearsal,
  { root, work, say }: Pick<SessionOptions, 'root' | 'work' | 'say'>,
): Promise<string | undefined> {
  const file = join(work, 'lost-tests.txt');
  const loss = describeLoss(rehearsal);
  await writeFile(file, loss?.text ?? '');
  if (!loss) return undefined;
  const line = `${loss.line}; see ${relative(root, file)}`;
  say(line);
  return line;
}

/** One for the whole run, as jest's globalSetup does it, and none for a package without integration specs. */
async function clusterFor({
  specs,
}: Package): Promise<{ env: NodeJS.ProcessEnv; stop: () => Promise<void> }> {
  if (!specs.some((file) => file.endsWith('.int.spec.ts'))) return { env: process.env, stop: async () => {} };
  const cluster = await startPostgres({ durable: false });
  // A mutant may change a migration: each database has to be made by it.
  const env = { ...process.env, [TEST_POSTGRES]: cluster.url('postgres'), [TEST_TEMPLATES]: undefined };
  return { env, stop: () => cluster.stop() };
}

function known(mutant: Mutant, identity: Identity | undefined): Known {
  if (!identity) throw new Error(`The mutant ${mutant.id} has no identity.`);
  return { mutant, identity, key: keyOf(identity) };
}
