import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { PublishedKey } from './render.ts';

/** What auth publishes. */
export interface Jwks {
  readonly keys: readonly PublishedKey[];
}

const TIMEOUT_MS = 5_000;
const INTERVAL_MS = 1_000;

/**
 * Reads a JWKS document from an address or a file.
 *
 * @throws Error that says in a sentence why it cannot be read
 */
export async function readKeys(source: string): Promise<Jwks> {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8'));
  const response = await fetch(source, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause) => {
    throw new Error(`${source} does not answer`, { cause });
  });
  if (!response.ok) throw new Error(`${source} answered ${response.status}`);
  return (await response.json()) as Jwks;
}

/**
 * Applies the published keys whenever they have changed, until `signal` is aborted: so the edge knows a key before it signs,
 * and forgets one that was taken back. What cannot be read or applied is tried again; the edge keeps what it has.
 *
 * @param options.told hears of each change and of the first failure of a row
 */
export async function followKeys(options: {
  readonly source: string;
  readonly apply: (jwks: Jwks) => Promise<void>;
  readonly told: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { source, apply, told, signal } = options;
  let applied: string | undefined;
  let trouble: string | undefined;
  while (!signal.aborted) {
    try {
      const jwks = await readKeys(source);
      const kids = kidsOf(jwks);
      if (kids !== applied) {
        await apply(jwks);
        told(`the edge is given the keys ${kids}`);
      }
      applied = kids;
      trouble = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== trouble) told(`the edge keeps the keys that it has: ${reason}`);
      trouble = reason;
    }
    // Aborted while it waits, which the loop sees.
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** @throws Error for an empty set: auth always has a key, and the edge would refuse everybody. */
function kidsOf({ keys }: Jwks): string {
  if (keys.length === 0) throw new Error('no key is published');
  return keys
    .map(({ kid }) => kid)
    .sort()
    .join(' ');
}
