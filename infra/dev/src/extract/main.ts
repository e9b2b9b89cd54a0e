/**
 * `npm run extract -- <service>`: proves that a service could be a repository of its own. Packs the shared packages as
 * they would be published, copies that service alone to an empty folder, installs it from the tarballs, checks its
 * types and runs its unit tests.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { SERVICES } from '../stack/service-env.ts';

/** In the order in which they have to be built: each needs the ones before it. */
const PACKAGES = [
  'services/shared/domain',
  'gen',
  'services/shared/testing',
  'services/shared/runtime',
  'services/shared/pacts',
] as const;

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const exec = promisify(execFile);

const { words } = readCommandLine({
  name: 'extract',
  words: 1,
  help: `npm run extract -- <${SERVICES.join(' | ')}>

Proves that a service could be a repository of its own: packs the shared packages, copies the service alone to an empty
folder, installs, checks its types and runs its unit tests there.`,
});
const [service = ''] = words;
if (SERVICES.some((name) => name === service)) await extract(service);
else misused('extract', `"${service}" is none of ${SERVICES.join(', ')}`);

async function extract(name: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), `plataforma-extract-${name}-`));
  try {
    const tarballs = await step('build and pack the shared packages', () => pack(work));
    const target = join(work, name);
    await step(`install ${name} from the tarballs in an empty folder`, () => install(name, target, tarballs));
    await step('types', () => run('npm', ['run', '--silent', 'typecheck'], target));
    const output = await step('unit tests', () =>
      run('npm', ['test', '--silent', '--', '--selectProjects', 'unit'], target),
    );
    console.log(output.trim().split('\n').at(-1));
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    console.error(`${stdout}${stderr}` || message);
    process.exitCode = 1;
  } finally {
    for (const folder of [work, ...PACKAGES.map((name) => join(ROOT, name, 'dist'))])
      await rm(folder, { recursive: true, force: true });
  }
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
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

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await exec(command, args, {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  });
  return stdout + stderr;
}

/** Name of each shared package and the address of its tarball. */
async function pack(work: string): Promise<Record<string, string>> {
  const tarballs: Record<string, string> = {};
  for (const folder of PACKAGES) {
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

async function install(name: string, target: string, tarballs: Record<string, string>): Promise<void> {
  await mkdir(target);
  await cp(join(ROOT, 'services', name), target, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  const file = join(target, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  const root = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const published = Object.fromEntries(
    Object.entries(tarballs).filter(
      ([key]) => key in manifest.dependencies || key in manifest.devDependencies,
    ),
  );
  for (const kind of ['dependencies', 'devDependencies'])
    for (const key of Object.keys(manifest[kind]))
      manifest[kind][key] = published[key] ?? manifest[kind][key];
  // What a repository of its own would say too: the same overrides, and the tarballs wherever a package asks for them.
  manifest.overrides = { ...root.overrides, ...tarballs };
  manifest.allowScripts = root.allowScripts;
  await writeFile(file, JSON.stringify(manifest, null, 2));
  await cp(join(ROOT, '.npmrc'), join(target, '.npmrc'));
  await run('npm', ['install', '--prefer-offline', '--no-package-lock'], target);
}
