import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pacts are that services have made: a file for each two, `<consumer>-<provider>.json`. */
const PACTS = fileURLToPath(new URL('../pacts/', import.meta.url));

/** The parts of a pact that are looked at here; the format is Pact's, version 4. */
export interface PactFile {
  readonly interactions: readonly {
    readonly description: string;
    readonly providerStates?: readonly { readonly name: string }[];
  }[];
}

/** The files of the pacts that a provider has to keep. */
export async function pactsWith(provider: string): Promise<string[]> {
  const files = (await readdir(PACTS)).filter((file) => file.endsWith(`-${provider}.json`));
  return files.sort().map((file) => join(PACTS, file));
}

/**
 * The text of the pact of these two that is kept, to be compared with what the consumer asks for now. With
 * `ATUALIZAR_GOLDEN=1` the latter is kept from now on.
 */
export async function keptPact(consumer: string, provider: string, now: string): Promise<string> {
  const file = join(PACTS, `${consumer}-${provider}.json`);
  if (process.env.ATUALIZAR_GOLDEN === '1') await writeFile(file, now);
  return readFile(file, 'utf8');
}
