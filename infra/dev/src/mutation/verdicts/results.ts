import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Verdict } from './judge.ts';

const RUNNING = ['worker.ts', 'spec-runner.ts', 'reach.ts'].map((name) => `../running/${name}`);
const SHARED = ['globals.ts', 'errors-of-tests.ts', 'leave-as-found.ts'].map(
  (name) => `../../../../../services/shared/testing/src/jest/${name}`,
);
const TOOL = [...RUNNING, ...SHARED, 'rehearsal.ts', 'judge.ts'];

/**
 * Verdicts of earlier runs. One is good as long as nothing changes that it rests on: the source, and the spec that
 * noticed the mutant, or every spec and the way in which specs are run when none did.
 */
export class Results {
  readonly #file: string;
  readonly #root: string;
  readonly #specs: readonly string[];
  readonly #known = new Map<string, { readonly basis: string; readonly verdict: Verdict }>();
  readonly #digests = new Map<string, string>();

  constructor(file: string, root: string, specs: readonly string[]) {
    this.#file = file;
    this.#root = root;
    this.#specs = specs;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const entry = parsed(line);
      if (entry) this.#known.set(entry.key, entry);
    }
  }

  find(key: string, source: string): Verdict | undefined {
    const entry = this.#known.get(key);
    return entry && entry.basis === this.#basis(source, entry.verdict) ? entry.verdict : undefined;
  }

  /** On disk at once: a run that is stopped loses nothing. */
  add(key: string, source: string, verdict: Verdict): void {
    const entry = { key, basis: this.#basis(source, verdict), verdict };
    this.#known.set(key, entry);
    mkdirSync(dirname(this.#file), { recursive: true });
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  #basis(source: string, { by }: Verdict): string {
    const files = [source, ...(by === undefined ? this.#specs : [by])].map((file) => this.#digestOf(file));
    // Who noticed nothing may notice more when specs are run in another way.
    return digest([...files, ...(by === undefined ? [toolDigest()] : [])].join());
  }

  #digestOf(file: string): string {
    const path = join(this.#root, file);
    const known = this.#digests.get(file) ?? (existsSync(path) ? digest(readFileSync(path, 'utf8')) : '');
    this.#digests.set(file, known);
    return known;
  }
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Of what decides how specs are run and which of them. */
export function toolDigest(): string {
  return digest(TOOL.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join());
}

/** The last line is half a line when the machine went down. */
function parsed(line: string): { key: string; basis: string; verdict: Verdict } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
