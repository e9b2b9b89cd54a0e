/**
 * `npm run extract -- <service>`: proves that a service could be a repository of its own. Packs the shared packages as
 * they would be published, copies that service alone to an empty folder, installs it from the tarballs, checks its
 * types and runs its unit tests. `npm run extract -- cliente`: what a program that installs the client gets.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { SERVICES } from '../stack/service-env.ts';
import { CLIENT_PACKAGES, tryClient } from './client.ts';
import { pack, ROOT, run, step } from './pack.ts';

/** In the order in which they have to be built: each needs the ones before it. */
const PACKAGES = [
  'services/shared/domain',
  'gen',
  'services/shared/testing',
  'services/shared/runtime',
  'services/shared/pacts',
] as const;

const { words } = readCommandLine({
  name: 'extract',
  words: 1,
  help: `npm run extract -- <${SERVICES.join(' | ')} | cliente>

Proves that a service could be a repository of its own: packs the shared packages, copies the service alone to an empty
folder, installs, checks its types and runs its unit tests there. Of cliente: packs it with the contracts, installs both in an
empty folder, checks the examples of its README against their types and loads every module.`,
});
const [service = ''] = words;
if (service === 'cliente') await inNewFolder(service, CLIENT_PACKAGES, tryClient);
else if (SERVICES.some((name) => name === service)) await inNewFolder(service, PACKAGES, extract);
else misused('extract', `"${service}" is none of ${SERVICES.join(', ')}, cliente`);

/** Packs the packages, has them tried in a folder that is not there yet, and leaves nothing. */
async function inNewFolder(
  name: string,
  packages: readonly string[],
  tryOut: (target: string, tarballs: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), `plataforma-extract-${name}-`));
  try {
    const tarballs = await step('build and pack the shared packages', () => pack(work, packages));
    await tryOut(join(work, name), tarballs);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    console.error(`${stdout}${stderr}` || message);
    process.exitCode = 1;
  } finally {
    for (const folder of [work, ...packages.map((name) => join(ROOT, name, 'dist'))])
      await rm(folder, { recursive: true, force: true });
  }
}

async function extract(target: string, tarballs: Readonly<Record<string, string>>): Promise<void> {
  const name = basename(target);
  await step(`install ${name} from the tarballs in an empty folder`, () => install(name, target, tarballs));
  await step('types', () => run('npm', ['run', '--silent', 'typecheck'], target));
  const output = await step('unit tests', () =>
    run('npm', ['test', '--silent', '--', '--selectProjects', 'unit'], target),
  );
  console.log(output.trim().split('\n').at(-1));
}

async function install(
  name: string,
  target: string,
  tarballs: Readonly<Record<string, string>>,
): Promise<void> {
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
