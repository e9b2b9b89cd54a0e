/**
 * `npm run mutation -- [--service reservas] [--concurrency N] [files]`: changes the domain of a service in small ways and
 * sees whether its unit specs notice. Prints the score of each file and names the file that lists what went unnoticed;
 * fails below the threshold. `files` (globs inside the domain, such as `reserva.ts`) narrow it down.
 */
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { jestPreset } from '@plataforma/testing/jest/preset';
import { Stryker } from '@stryker-mutator/core';
import { describeSurvivors, type Mutante, scoreTable } from './mutation/report.ts';
import { SERVICES } from './stack/service-env.ts';

/** Its enum is of a package that is only Stryker's. */
type LogLevel = NonNullable<ConstructorParameters<typeof Stryker>[0]['logLevel']>;

/** Percent of the mutants that the specs have to kill. */
const BREAK = 85;

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DOMAIN = 'src/domain';
/** Inside the repository, because the copy finds its packages in the folders above it. */
const WORK = join(ROOT, '.plataforma', 'mutation');

const { values, words } = readCommandLine({
  name: 'mutation',
  words: Number.POSITIVE_INFINITY,
  options: {
    service: { type: 'string', default: 'reservas' },
    concurrency: { type: 'string', default: '1' },
  },
  help: `npm run mutation -- [options] [files]

Changes the domain of a service in small ways and sees whether its unit specs notice; exit code 1 below ${BREAK} %.
The files are globs inside the domain, such as reserva.ts; without any: all of it.

  --service reservas  one of ${SERVICES.join(', ')}
  --concurrency 1     processes side by side`,
});
const concurrency = numberOption('mutation', 'concurrency', values.concurrency, { min: 1 });

if (SERVICES.some((name) => name === values.service)) await mutate(values.service, words, concurrency);
else misused('mutation', `"${values.service}" is none of ${SERVICES.join(', ')}`);

async function mutate(service: string, files: readonly string[], concurrency: number): Promise<void> {
  const folder = join(ROOT, 'services', service);
  // Stryker gives nothing at all 100 %.
  const nothing = files.find((file) => !globSync(inDomain(file), { cwd: folder }).some(isSource));
  if (nothing !== undefined) misused('mutation', `"${nothing}" is no source in the domain of ${service}`);
  // Stryker copies the folder it runs in, and nothing above it.
  process.chdir(folder);
  const mutants = await new Stryker({
    mutate: [...(files.length > 0 ? files : ['**/*.ts']).map(inDomain), `!${DOMAIN}/**/*.spec.ts`],
    testRunner: 'jest',
    testRunnerNodeArgs: [
      '--experimental-vm-modules',
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
    ],
    coverageAnalysis: 'perTest',
    concurrency,
    jest: { config: domainSpecs(), enableFindRelatedTests: false },
    // Stryker would rewrite it with the API that TypeScript 7 no longer has; swc reads none.
    tsconfigFile: 'none',
    reporters: ['progress-append-only'],
    logLevel: 'error' as LogLevel,
    thresholds: { high: 100, low: BREAK, break: BREAK },
    tempDirName: join(WORK, 'copies'),
    cleanTempDir: 'always',
  }).runMutationTest();
  await report(
    service,
    mutants.map((mutant) => ({ ...mutant, fileName: relative(folder, mutant.fileName) })),
  );
}

function isSource(file: string): boolean {
  return file.endsWith('.ts') && !file.endsWith('.spec.ts');
}

function inDomain(file: string): string {
  return file.startsWith('src/') ? file : `${DOMAIN}/${file}`;
}

/** The project without servers, reduced to one suite of the specs beside the domain. */
function domainSpecs(): Record<string, unknown> {
  const { projects = [] } = jestPreset({ rootDir: '' });
  const unit = projects.find((project) => typeof project === 'object' && project.displayName === 'unit');
  const { rootDir: _ofTheCopy, displayName: _name, ...config } = unit as Record<string, unknown>;
  const suite = fileURLToPath(new URL('./mutation/', import.meta.url));
  return {
    ...config,
    projects: [],
    roots: ['<rootDir>', suite],
    testMatch: ['**/mutation/domain-specs.ts'],
    // The copy lies in a folder that is hidden from all other runs.
    modulePathIgnorePatterns: [],
  };
}

async function report(service: string, mutants: readonly Mutante[]): Promise<void> {
  const file = join(WORK, `${service}.txt`);
  await mkdir(WORK, { recursive: true });
  await writeFile(file, describeSurvivors(mutants, join(ROOT, 'services', service)));
  console.log(`${scoreTable(mutants)}\nSurvivors: ${relative(ROOT, file)}`);
}
