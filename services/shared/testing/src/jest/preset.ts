import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from 'jest';

// Inside the workspace this module is TypeScript and so are its neighbours; in the published package it is dist/*.js.
const EXTENSION = extname(import.meta.url);
const IN_WORKSPACE = EXTENSION === '.ts';

/** Real servers take their time on a busy machine; jest's own five seconds would make failures of that. */
const TEST_TIMEOUT_MS = 30_000;

type ProjectConfig = Exclude<NonNullable<Config['projects']>[number], string>;

/**
 * The jest configuration of the workspace and of every service on its own: four projects by suffix.
 *
 * A test that asserts nothing fails.
 * `e2eSetup`: path of a module whose default export jest calls before the first end-to-end suite.
 *
 * Units and integration share the process of a worker from file to file; `--testRunner=jest-circus/runner` gives each file modules
 * of its own.
 *
 * - `unit`: `*.spec.ts`, no server.
 * - `int`: `*.int.spec.ts`; one PostgreSQL cluster is started when any of them runs.
 * - `e2e`: `*.e2e.spec.ts`; on a whole platform, their own or that of `e2eSetup`.
 * - `proof`: `*.proof.spec.ts`; races, random schedules, faults and crashes: many rounds, minutes rather than seconds.
 */
export function jestPreset(options: { rootDir: string; e2eSetup?: string }): Config {
  const { rootDir, e2eSetup } = options;
  // The core of Pact would tell its makers of every mock server. Workers get the environment of this process, and may not change it.
  process.env.PACT_DO_NOT_TRACK = '1';
  const project = (displayName: string, suffix: string, others: string[] = []): ProjectConfig => ({
    ...common(rootDir),
    displayName,
    testMatch: [`**/*${suffix}`],
    testPathIgnorePatterns: ['/node_modules/', ...others],
  });
  const cluster = setup(neighbour('start-postgres'));
  const quick = { testRunner: neighbour('one-process') };
  return {
    rootDir,
    coverageProvider: 'v8',
    reporters: [neighbour('count-reporter')],
    testSequencer: neighbour('platforms-first'),
    testTimeout: TEST_TIMEOUT_MS,
    // jest's own default leaves a core unused; these tests mostly wait for servers.
    maxWorkers: '100%',
    // A worker that has loaded a hundred suites takes a while to end; jest would call that a leak after half a second.
    workerGracefulExitTimeout: 10_000,
    projects: [
      { ...project('unit', '.spec.ts', ['\\.(int|e2e|pact|proof)\\.spec\\.ts$']), ...quick },
      { ...project('int', '.int.spec.ts'), ...cluster, ...quick },
      { ...project('e2e', '.e2e.spec.ts'), ...(e2eSetup && setup(e2eSetup)) },
      { ...project('proof', '.proof.spec.ts'), ...cluster },
    ],
  };
}

function setup(globalSetup: string) {
  const globalTeardown = neighbour('end-of-run');
  return { globalSetup, globalTeardown, transformIgnorePatterns: byNode(globalSetup, globalTeardown) };
}

/** Node loads these modules itself: jest would turn them into CommonJS, and each would have an `end-of-run` of its own. */
function byNode(...paths: string[]): string[] {
  const own = [neighbour('one-process'), ...paths].map((path) => `^${path.replace(/[^\w/]/g, '\\$&')}$`);
  return ['/node_modules/', ...own];
}

function common(rootDir: string): ProjectConfig {
  return {
    rootDir,
    extensionsToTreatAsEsm: ['.ts'],
    setupFilesAfterEnv: [neighbour('assert-something')],
    transformIgnorePatterns: byNode(),
    transform: { '\\.ts$': [fileURLToPath(import.meta.resolve('@swc/jest')), SWC] },
    // Compiled copies of the specs and private installations are not test material.
    modulePathIgnorePatterns: ['/dist/', '/\\.plataforma/', '/fixtures/'],
    testEnvironmentOptions: {
      // `source` makes the shared packages resolve to src/*.ts; the published ones carry no sources.
      // jest adds `import` or `require` itself: naming `import` here would hand ES modules to require().
      customExportConditions: [...(IN_WORKSPACE ? ['source'] : []), 'node', 'node-addons'],
    },
  };
}

const SWC = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

function neighbour(name: string): string {
  return fileURLToPath(new URL(`./${name}${EXTENSION}`, import.meta.url));
}
