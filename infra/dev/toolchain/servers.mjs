import { spawnSync } from 'node:child_process';
import { capture, findProgram } from './processes.mjs';
import { say, step } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/** Programs that npm does not ship. On Debian and Ubuntu each package has the name of its program. */
const SERVERS = ['redis-server', 'nats-server'];

/**
 * Makes sure of the Redis and NATS programs. With apt and the right to use it they are installed; otherwise the
 * exact command is told.
 */
export async function ensureServers() {
  const missing = SERVERS.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  const asRoot = aptAsRoot();
  if (!asRoot) throw new SetupError(whatToInstall(missing));
  const [program, ...args] = [...asRoot, 'sh', '-c', INSTALL, 'sh', ...missing];
  await step(`Installing ${missing.join(' and ')} (apt-get)`, () =>
    capture(program, args, {
      guarded: false,
      failure: `apt-get could not install them. ${whatToInstall(missing)}`,
    }),
  );
  const absent = missing.filter((name) => findProgram(name) === undefined);
  if (absent.length > 0) throw new SetupError(whatToInstall(absent));
  doNotStartAtBoot(asRoot, missing);
}

/** The words in front of a command that make it run as root; undefined without apt or without that right. */
function aptAsRoot() {
  if (!findProgram('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function whatToInstall(missing) {
  const names = missing.join(' ');
  if (findProgram('apt-get')) {
    return `Missing: ${names}. Run "sudo apt-get update && sudo apt-get install -y ${names}" and try again.`;
  }
  if (process.platform === 'darwin') {
    return `Missing: ${names}. Run "brew install ${names.replace('redis-server', 'redis')}" and try again.`;
  }
  return `Missing: ${names}. Install Redis 7 and NATS 2.9 or later so that ${missing.join(' and ')} can be run, and try again.`;
}

/*
 * Debian starts a service as soon as its package is installed, on the default ports and outside our control. A
 * policy-rc.d that answers 101 ("not allowed") is the documented way to prevent it (invoke-rc.d(8), also asked by
 * systemd's helper). An administrator's own policy stays untouched; ours is taken away even when the installation
 * fails or is interrupted, and one left by a run that was killed is recognised by its comment.
 */
const INSTALL = `
set -eu
policy=/usr/sbin/policy-rc.d
mark='# plataforma de reservas, temporary'
if [ ! -e "$policy" ] || grep -qF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\n%s\\nexit 101\\n' "$mark" > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=120 update
apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
`;

/** The packages also enable their services for the next boot, where they would hold the default ports. */
function doNotStartAtBoot(asRoot, names) {
  if (!findProgram('systemctl')) return;
  const [program, ...args] = [...asRoot, 'systemctl', 'disable', '--quiet', ...names];
  const { status } = spawnSync(program, args);
  if (status !== 0) say(`Note: ${names.join(' and ')} may start by themselves at the next boot.`);
}
