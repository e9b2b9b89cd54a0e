/*
 * jest's `testRunner`: runs specs by jest's own circus and expect, in the process of the worker, where modules stay loaded from
 * file to file. jest itself compiles and evaluates all of them anew for each file, which takes longer than most specs do.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { getState, resetState, run } from 'jest-circus';
import { resultOf } from './circus-results.ts';
import { errorsOfTests } from './errors-of-tests.ts';
import { leaveAsFound } from './leave-as-found.ts';

const globals = new URL(`./globals${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context),
});

/** Where jest loads each file by itself, with modules of its own: slower, and the only way to measure coverage. */
const BY_ITSELF = 'jest-circus/runner';

let files = 0;

/** Called by jest once for each file. */
export default async function runFile(
  global: Config.GlobalConfig,
  project: Config.ProjectConfig,
  environment: { readonly global: { readonly console: Console } },
  runtime: unknown,
  path: string,
): Promise<TestResult> {
  if (global.collectCoverage) {
    const { default: byItself } = await import(BY_ITSELF);
    return byItself(global, project, environment, runtime, path);
  }
  const giveBack = [leaveAsFound(environment.global.console), errorsOfTests()];
  try {
    prepare(global);
    files += 1;
    // Anew for each file: they define hooks of it.
    for (const file of project.setupFilesAfterEnv) await import(`${pathToFileURL(file).href}?file=${files}`);
    await import(pathToFileURL(path).href);
    return resultOf(await run(), path, global, project);
  } finally {
    for (const back of giveBack.reverse()) back();
  }
}

function prepare({ testTimeout, maxConcurrency, testNamePattern }: Config.GlobalConfig): void {
  resetState();
  const state = getState();
  if (testTimeout !== undefined) state.testTimeout = testTimeout;
  if (testNamePattern) state.testNamePattern = new RegExp(testNamePattern, 'i');
  state.maxConcurrency = maxConcurrency;
}
