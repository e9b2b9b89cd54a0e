import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Json } from './openapi-rules.ts';

/** What was asked of an operation, and what it answered, with everything that varies masked. */
export interface Example {
  readonly request?: { readonly path?: Json; readonly query?: Json; readonly body?: unknown };
  readonly success?: { readonly status: number; readonly body?: unknown };
  /** Bodies of refusals, by reason. */
  readonly failures?: { readonly [reason: string]: unknown };
}

/** By the name of the operation; under `COMMON` the refusals that look the same everywhere. */
export type Examples = ReadonlyMap<string, Example>;

export const COMMON = 'comum';

/** Where `npm run examples` writes them, a folder per service. */
export const EXAMPLES_FOLDER = join(import.meta.dirname, 'examples');

/** The recorded ones. */
export function readExamples(folder = EXAMPLES_FOLDER): Examples {
  return new Map(
    globSync('**/*.json', { cwd: folder })
      .sort()
      .map((file) => [
        basename(file, '.json'),
        JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example,
      ]),
  );
}
