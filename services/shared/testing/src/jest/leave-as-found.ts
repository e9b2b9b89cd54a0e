import { jest } from './globals.ts';

/**
 * Files that run in one process share it. The result makes it what it was: variables, clock, mocks, exit code; and the
 * console, which is `output` until then.
 */
export function leaveAsFound(output = globalThis.console): () => void {
  const { console } = globalThis;
  const { exitCode, env } = process;
  const environment = { ...env };
  globalThis.console = output;
  return () => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    for (const key of Object.keys(env)) if (!(key in environment)) delete env[key];
    Object.assign(env, environment);
    process.exitCode = exitCode;
    globalThis.console = console;
  };
}
