import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner may read and of which no reader ever sees half, whatever happens meanwhile. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}
