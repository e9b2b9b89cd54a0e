/** What a package is made of on its way out of the checkout: built, packed, and told about step by step. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const exec = promisify(execFile);

/** Says what was done and how long it took, or what failed. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    const result = await work();
    console.log(`✓ ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    console.log(`✗ ${title}`);
    throw error;
  }
}

/** What a program prints. @throws Error with that when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await exec(command, args, {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  });
  return stdout + stderr;
}

/** Builds and packs the packages, each behind those that it needs: their names, and the addresses of their tarballs. */
export async function pack(work: string, folders: readonly string[]): Promise<Record<string, string>> {
  const tarballs: Record<string, string> = {};
  for (const folder of folders) {
    await build(folder);
    const listing = await exec('npm', ['pack', '--json', '--pack-destination', work], {
      cwd: join(ROOT, folder),
    });
    const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'));
    tarballs[manifest.name] = `file:${join(work, packedFile(listing.stdout))}`;
  }
  return tarballs;
}

/** npm answers a list up to version 11, and an object by package name from then on. */
function packedFile(listing: string): string {
  const answer: Record<string, { filename: string }> | [{ filename: string }] = JSON.parse(listing);
  const [packed] = Object.values(answer);
  if (packed === undefined) throw new Error('npm packed nothing');
  return packed.filename;
}

/** JavaScript and declarations in `dist`, as a package needs them: Node strips no types below node_modules. */
async function build(folder: string): Promise<void> {
  const config = join(ROOT, folder, 'tsconfig.build.json');
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', config], ROOT);
}
