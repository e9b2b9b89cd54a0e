/** `npm run interop:install`: servers of others, built from their sources, that suites talk to where there is Go. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { findBinary } from '@plataforma/testing/servers/server-process';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FOLDER = join(ROOT, '.plataforma', 'interop', 'bin');
/** Go's own place, which is on the PATH of few. */
const GO_OF_ITS_OWN = '/usr/local/go/bin/go';

readCommandLine({
  name: 'interop:install',
  help: `npm run interop:install

Builds FerretDB, which speaks MongoDB's protocol, into .plataforma/interop, where the suites of the history find it. Needs
Go 1.22 or later and its module proxy; takes minutes the first time and seconds later. Without it those suites say that
they were left out.`,
});

const go = findBinary('go') ?? (existsSync(GO_OF_ITS_OWN) ? GO_OF_ITS_OWN : undefined);
if (go === undefined) {
  console.error('interop:install: Go is not installed here (https://go.dev/dl), so nothing was done.');
  process.exitCode = 1;
} else {
  await mkdir(FOLDER, { recursive: true });
  console.log('building FerretDB: minutes the first time');
  const child = spawn(go, ['build', '-buildvcs=false', '-o', join(FOLDER, 'ferretdb'), '.'], {
    cwd: join(ROOT, 'infra', 'dev', 'interop', 'ferretdb'),
    stdio: 'inherit',
    // Versions and hashes are those of go.mod and go.sum, whatever the caller's Go is set to.
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code === 0 ? 0 : 1;
  if (code === 0) console.log('FerretDB is there');
}
