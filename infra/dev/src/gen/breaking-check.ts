import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BufError, buf } from './buf.ts';

const run = promisify(execFile);
/** Exit code of `buf breaking` when it found something, as opposed to failing itself. */
const BUF_FOUND_PROBLEMS = 100;

/** Outcome of comparing the contracts of a working tree with those of the last release. */
export type BreakingResult =
  | { readonly kind: 'compatible'; readonly against: string }
  | { readonly kind: 'nothing-to-compare'; readonly reason: string }
  | { readonly kind: 'broken'; readonly against: string; readonly report: string };

/**
 * Compares the contracts in a working tree with those of the last release, under the rules of its `buf.yaml`.
 *
 * @param root repository whose `node_modules` has buf
 * @param workspace working tree to check, by default the same repository
 * @throws BufError when the contracts do not build
 */
export async function checkBreaking(root: string, workspace: string = root): Promise<BreakingResult> {
  const against = await lastRelease(workspace);
  if (against === undefined) return { kind: 'nothing-to-compare', reason: NO_RELEASE };
  // buf answers a syntax error with the exit code of a found problem, so building comes first.
  await buf(root, ['build'], workspace);
  try {
    await buf(root, ['breaking', '--against', await contractsOf(against, workspace)], workspace);
    return { kind: 'compatible', against };
  } catch (error) {
    if (!(error instanceof BufError) || error.exitCode !== BUF_FOUND_PROBLEMS) throw error;
    return { kind: 'broken', against, report: error.output };
  }
}

/** Why there is nothing to compare with. */
export const NO_RELEASE = 'there is no release yet (no tag v1.2.3 in the history of this commit)';

/** The tag of the last release that this commit follows from, such as `v1.2.0`; undefined before the first one. */
export async function lastRelease(workspace: string): Promise<string | undefined> {
  const tags = await git(workspace, ['tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname']);
  return tags.split('\n').find((tag) => /^v\d+\.\d+\.\d+$/.test(tag));
}

/** The contracts of a release, as buf takes them. */
export async function contractsOf(tag: string, workspace: string): Promise<string> {
  return `${await git(workspace, ['rev-parse', '--git-common-dir'])}#format=git,tag=${tag}`;
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, timeout: 30_000 });
  return stdout.trim();
}
