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
  const stamp = join(root, 'node_modules', '.plataforma-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isCurrent()) return;
  await withLock(join(root, '.plataforma', 'setup.lock'), async () => {
    if (isCurrent()) return;
    await step('Installing the dependencies (npm ci)', () => npmCi(root, env));
    writeFileSync(stamp, wanted);
  });
}

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
