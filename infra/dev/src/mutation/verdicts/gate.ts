import { type Identity, keyOf } from './identity.ts';
import type { Verdict } from './judge.ts';

/** Percent of the mutants that the specs have to notice. */
export const LEAST_SCORE = 80;

/** A survivor that somebody has looked at and lets live, and why. */
export interface Accepted extends Identity {
  readonly reason: string;
}

export interface Judged {
  readonly identity: Identity;
  /** Where it is today. */
  readonly place: string;
  readonly verdict: Verdict;
}

export interface Decision {
  readonly passes: boolean;
  readonly score: Score;
  /** Survivors that are not in the list of accepted ones. */
  readonly unlisted: readonly Judged[];
  /** Accepted ones that no longer are mutants of their file. */
  readonly stale: readonly Accepted[];
  /** Accepted ones that a spec notices by now. */
  readonly noticed: readonly Accepted[];
  /** Packages with mutants of which none was judged: what others are worth says nothing of them. */
  readonly unjudged: readonly string[];
}

/** What a decision is about. */
export interface Scope {
  /** Keys of all mutants of the files, judged or not. */
  readonly existing: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  /** Whether survivors have to be in the list: a sample of a package is for its score alone. */
  readonly listed: boolean;
  readonly leastScore?: number;
  readonly unjudged: readonly string[];
}

/** Percent; the interval holds the true score of all mutants with 95 %, if the judged ones are a sample of them. */
export interface Score {
  readonly killed: number;
  readonly judged: number;
  readonly percent: number;
  readonly from: number;
  readonly to: number;
}

export function decide(
  judged: readonly Judged[],
  accepted: readonly Accepted[],
  { existing, files, listed, leastScore = LEAST_SCORE, unjudged }: Scope,
): Decision {
  const known = new Map(accepted.map((entry) => [keyOf(entry), entry]));
  const unlisted = judged.filter(
    ({ identity, verdict }) => isUnnoticed(verdict) && !known.has(keyOf(identity)),
  );
  const stale = accepted.filter((entry) => files.has(entry.file) && !existing.has(keyOf(entry)));
  const noticed = judged.flatMap(({ identity, verdict }) => {
    const entry = known.get(keyOf(identity));
    return entry && !isUnnoticed(verdict) ? [entry] : [];
  });
  const score = scoreOf(judged);
  const clean = !listed || (unlisted.length === 0 && stale.length === 0);
  const passes = unjudged.length === 0 && score.percent >= leastScore && clean;
  return { passes, score, unlisted, stale, noticed, unjudged };
}

export function isUnnoticed({ status }: Verdict): boolean {
  return status !== 'killed';
}

/** Accepted survivors count as what they are: unnoticed. 100 % of nothing. */
export function scoreOf(judged: readonly { readonly verdict: Verdict }[]): Score {
  const total = judged.length;
  const killed = judged.filter(({ verdict }) => !isUnnoticed(verdict)).length;
  if (total === 0) return { killed, judged: 0, percent: 100, from: 0, to: 100 };
  return { killed, judged: total, percent: (100 * killed) / total, ...wilson(killed / total, total) };
}

/** Wilson's interval: honest for small samples and near the ends, where the usual one is not. */
function wilson(share: number, total: number): { from: number; to: number } {
  const z = 1.96;
  const middle = share + (z * z) / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  const scale = 100 / (1 + (z * z) / total);
  return { from: Math.max(0, (middle - spread) * scale), to: Math.min(100, (middle + spread) * scale) };
}
