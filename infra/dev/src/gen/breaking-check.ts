import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BufError, buf } from './buf.ts';

const run = promisify(execFile);
/** Exit code of `buf breaking` when it found something, as opposed to failing itself. */
const BUF_FOUND_PROBLEMS = 100;

/** Outcome of comparing the contracts of a working tree with those of the branch main. */
export type BreakingResult =
  | { readonly kind: 'compatible'; readonly against: string }
  | { readonly kind: 'nothing-to-compare'; readonly reason: string }
  | { readonly kind: 'broken'; readonly against: string; readonly report: string };

/**
 * Compares the contracts in a working tree with those committed on main, under the rules of its `buf.yaml`.
 *
 * @param root repository whose `node_modules` has buf
 * @param workspace working tree to check, by default the same repository
 * @throws BufError when the contracts do not build; Error when `workspace` has no branch main
 */
export async function checkBreaking(root: string, workspace: string = root): Promise<BreakingResult> {
  const against = await mainReference(workspace);
  const files = await git(workspace, [
    'ls-tree',
    '-r',
    '--name-only',
    against.commit,
    '--',
    'buf.yaml',
    'proto',
  ]);
  if (!files.includes('buf.yaml') || !/\.proto$/m.test(files))
    return { kind: 'nothing-to-compare', reason: `${against.name} has no buf.yaml with contracts yet` };
  const gitDir = await git(workspace, ['rev-parse', '--git-common-dir']);
  // buf answers a syntax error with the exit code of a found problem, so building comes first.
  await buf(root, ['build'], workspace);
  try {
    await buf(root, ['breaking', '--against', `${gitDir}#format=git,${against.selector}`], workspace);
    return { kind: 'compatible', against: against.name };
  } catch (error) {
    if (!(error instanceof BufError) || error.exitCode !== BUF_FOUND_PROBLEMS) throw error;
    return { kind: 'broken', against: against.name, report: error.output };
  }
}

/** The local branch, or in a clone that has none (as on a build server) that of the origin. */
async function mainReference(workspace: string): Promise<{ name: string; commit: string; selector: string }> {
  const candidates = [
    { name: 'main', ref: 'refs/heads/main', selector: 'branch=main' },
    { name: 'origin/main', ref: 'refs/remotes/origin/main', selector: 'ref=refs/remotes/origin/main' },
  ];
  for (const { name, ref, selector } of candidates) {
    const commit = await git(workspace, ['for-each-ref', '--format=%(objectname)', ref]);
    if (commit !== '') return { name, commit, selector };
  }
  throw new Error('there is no branch main to compare with; fetch it first: git fetch origin main');
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, timeout: 30_000 });
  return stdout.trim();
}
