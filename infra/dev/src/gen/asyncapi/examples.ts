import { readFileSync } from 'node:fs';

/** A message that was published by a running platform. */
export interface Example {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: object;
}

/** Where they are kept, by the full name of the message. */
export const EXAMPLES_FILE = new URL('./examples.json', import.meta.url);

/** Examples as a running platform has published them (`infra/e2e/eventos` records them, and holds them against what it sees). */
export function recordedExamples(): Readonly<Record<string, Example>> {
  return JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Record<string, Example>;
}
