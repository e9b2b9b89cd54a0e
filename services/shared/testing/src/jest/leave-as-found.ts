import { jest } from './globals.ts';

/**
 * Files that run in one process share it. The result makes it what it was: variables, clock, mocks, exit code; and the
 * console, which is `output` until then. Nobody leaves it meanwhile: jest may run in it, too, and would end with what was asked for.
 */
export function leaveAsFound(output = globalThis.console): () => void {
  const { console } = globalThis;
  const { exitCode, env, exit } = process;
  const environment = { ...env };
  globalThis.console = output;
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) was called`);
  };
  return () => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    for (const key of Object.keys(env)) if (!(key in environment)) delete env[key];
    Object.assign(env, environment);
    process.exitCode = exitCode;
    process.exit = exit;
    globalThis.console = console;
  };
}
