import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { NPM_OPTIONS } from './npm-options.mjs';
import { capture } from './processes.mjs';
import { step } from './progress.mjs';

/**
 * Makes sure that node_modules holds what package-lock.json says: after a successful `npm ci` the lockfile's hash is
 * kept inside node_modules, and another hash, or none, means that it has to be installed again.
 *
 * @param {string} root the checkout
 * @param {NodeJS.ProcessEnv} env with the project's Node first on PATH
 */
export async function ensureDependencies(root, env) {
  if (hasDependencies(root)) return;
  await withLock(join(root, '.plataforma', 'setup.lock'), async () => {
    if (hasDependencies(root)) return;
    const installed = wanted(root);
    await step('Installing the dependencies (npm ci)', () => npmCi(root, env));
    writeFileSync(stamp(root), installed);
  });
}

/** @param {string} root the checkout */
export function hasDependencies(root) {
  return existsSync(stamp(root)) && readFileSync(stamp(root), 'utf8') === wanted(root);
}

const stamp = (root) => join(root, 'node_modules', '.plataforma-lock');

const wanted = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function npmCi(root, env) {
  // Included by name: NODE_ENV=production or a user's npmrc would leave them out.
  const options = ['--include=dev', '--include=optional', ...NPM_OPTIONS];
  return capture('npm', ['ci', ...options], {
    cwd: root,
    env,
    failure:
      'The dependencies could not be installed (npm ci): the reason is above. Run it again when that is solved.',
  });
}
