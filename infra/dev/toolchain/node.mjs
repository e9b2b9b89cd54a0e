import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './lock.mjs';
import { NPM_OPTIONS } from './npm-options.mjs';
import { capture } from './processes.mjs';
import { step } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** The services run from TypeScript sources, which Node does without a flag and without a warning from here on. */
const MAJOR = 24;
const MINIMUM_MINOR = 11;

// The systems for which both a Node of this version and the PostgreSQL binaries are on npm.
const NPM_BUILDS = ['linux-x64', 'linux-arm64'];

/**
 * Makes sure of the Node the project is written for: the running one when it fits, otherwise the version of `.nvmrc`,
 * installed from npm below `.plataforma/`, where it disturbs nothing else on the machine.
 *
 * @param {string} root the checkout
 * @returns {Promise<string>} the folder to put first on PATH
 */
export async function ensureNode(root) {
  if (fits(process.versions.node)) return dirname(process.execPath);
  const version = readFileSync(join(root, '.nvmrc'), 'utf8').trim();
  const build = `${process.platform}-${process.arch}`;
  if (!NPM_BUILDS.includes(build) || isMusl()) {
    throw new SetupError(
      `This project runs on Node ${version} and there is none for this system (${build}) on npm: install Node ${MAJOR} from https://nodejs.org and run the command again.`,
    );
  }
  const folder = join(root, '.plataforma', 'toolchain');
  const bin = join(folder, 'node_modules', `node-${build}`, 'bin');
  if (!(await isInstalled(bin, version))) {
    await withLock(join(root, '.plataforma', 'setup.lock'), async () => {
      if (!(await isInstalled(bin, version))) await install(folder, `node-${build}@${version}`, version);
    });
  }
  return bin;
}

function fits(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === MAJOR && minor >= MINIMUM_MINOR;
}

/** Alpine and its like: the builds on npm are linked against glibc. */
function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

async function isInstalled(bin, version) {
  try {
    const { stdout } = await promisify(execFile)(join(bin, 'node'), ['--version']);
    return stdout.trim() === `v${version}`;
  } catch {
    return false;
  }
}

async function install(folder, spec, version) {
  mkdirSync(folder, { recursive: true });
  // A package of its own: npm would otherwise look for the project's one above it.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', ...NPM_OPTIONS];
  await step(`Installing Node ${version} for this project (the system has ${process.versions.node})`, () =>
    capture('npm', ['install', '--prefix', folder, ...options, spec], {
      cwd: folder,
      failure: `Node ${version} could not be installed from npm: check that npm works and that its registry can be reached.`,
    }),
  );
}
