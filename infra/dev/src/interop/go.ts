import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBinary } from '@plataforma/testing/servers/server-process';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** Go's own place, which is on the PATH of few. */
const GO_OF_ITS_OWN = '/usr/local/go/bin/go';

/** Where programs of others are that were built here. */
export const INTEROP_BIN = join(ROOT, '.plataforma', 'interop', 'bin');

/** The Go of this machine, if there is one. */
export const findGo = (): string | undefined =>
  findBinary('go') ?? (existsSync(GO_OF_ITS_OWN) ? GO_OF_ITS_OWN : undefined);

/**
 * Builds what a module in `infra/dev/interop` names, from its sources in Go's module proxy, into {@link INTEROP_BIN}; tells
 * whether that worked. Versions and hashes are those of its go.mod and go.sum, whatever the caller's Go is set to.
 */
export async function buildWithGo(go: string, module: string, what: readonly string[]): Promise<boolean> {
  await mkdir(INTEROP_BIN, { recursive: true });
  const child = spawn(go, ['build', '-buildvcs=false', ...what], {
    cwd: join(ROOT, 'infra', 'dev', 'interop', module),
    stdio: 'inherit',
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local', GOWORK: 'off' },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
