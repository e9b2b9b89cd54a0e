import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

/** buf answered with a non-zero exit code; the message is what it printed. */
export class BufError extends Error {
  readonly exitCode: number | undefined;
  readonly output: string;

  constructor(args: readonly string[], exitCode: number | undefined, output: string) {
    super(
      `buf ${args.join(' ')} failed${exitCode === undefined ? '' : ` with exit code ${exitCode}`}\n${output.trim()}`,
    );
    this.name = 'BufError';
    this.exitCode = exitCode;
    this.output = output.trim();
  }
}

/**
 * Runs the buf binary of the repository's own dependencies, offline.
 *
 * @param root repository root: where `node_modules` is
 * @param cwd folder to run in, by default the root
 * @returns what buf printed to standard output
 * @throws BufError when buf fails or needs more than two minutes
 */
export async function buf(root: string, args: readonly string[], cwd: string = root): Promise<string> {
  const bin = join(root, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  const launcher = join(root, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
  try {
    const { stdout } = await run(process.execPath, [launcher, ...args], { cwd, env, timeout: TIMEOUT_MS });
    return stdout;
  } catch (error) {
    throw toBufError(args, error);
  }
}

function toBufError(args: readonly string[], error: unknown): Error {
  const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
  const output = `${stdout}\n${stderr}`.trim();
  const message = error instanceof Error ? error.message : String(error);
  return new BufError(args, typeof code === 'number' ? code : undefined, output === '' ? message : output);
}
