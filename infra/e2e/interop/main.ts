/** `npm run interop`: what other programs see of the platform, by the commands of docs/interop.md. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWithGo, findGo, INTEROP_BIN } from '@plataforma/dev/interop/go';
import { dataFolder } from '@plataforma/dev/stack/data-folder';
import { INTERRUPTED, interruption } from '@plataforma/dev/stack/interruption';
import { portsFromEnv, type StackPorts } from '@plataforma/dev/stack/ports';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { TestStack } from '../platform/test-stack.ts';
import { runPage } from '../tour/run-page.ts';

const PAGE = 'docs/interop.md';
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

readCommandLine({
  name: 'interop',
  help: `npm run interop

Runs the commands of ${PAGE} against the local stack, or one of its own where none is up, and compares what they print
with what the page says: grpcurl, the NATS CLI and buf curl. Needs Go 1.26 or later and its module proxy, for the first two are
built into .plataforma/interop: minutes the first time. Where "npm start" was given other ports, set the same variables.`,
});

const go = findGo();
const interrupted = interruption();
if (go === undefined) left('Go is not installed here (https://go.dev/dl), so nothing was tried.');
else if (!(await build(go))) left('grpcurl and the NATS CLI could not be built: the reason is above.');
else await compare();
if (interrupted.aborted) process.exit(INTERRUPTED);

function left(reason: string): void {
  console.error(`interop: ${reason}`);
  process.exitCode = 1;
}

function build(program: string): Promise<boolean> {
  console.log('building grpcurl and the NATS CLI: minutes the first time');
  return buildWithGo(program, 'clients', ['-o', `${INTEROP_BIN}/`, 'tool']);
}

async function compare(): Promise<void> {
  const running = await localStack();
  const own = running ? undefined : await TestStack.start({}, interrupted);
  try {
    const place = running ?? own?.stack;
    if (place === undefined) return;
    const { steps, differences } = await runPage(PAGE, place, programsAt(place.ports));
    for (const difference of differences) console.error(difference);
    console.log(`${PAGE}: ${steps} steps, ${differences.length} otherwise than it says`);
    if (differences.length > 0) process.exitCode = 1;
  } finally {
    await own?.stop();
  }
}

/** The stack that `npm start` has up, if there is one. */
async function localStack() {
  const [ports, dataDir] = [portsFromEnv(process.env), dataFolder()];
  try {
    await access(join(dataDir, 'secrets.json'));
    await fetch(`http://127.0.0.1:${ports.EDGE_PORT}/`, { signal: AbortSignal.timeout(2_000) });
    return { ports, dataDir };
  } catch {
    return undefined;
  }
}

/** Where the services are for those who go past the door, and the programs that go there. */
function programsAt(ports: StackPorts): Record<string, string> {
  const folders = [INTEROP_BIN, join(ROOT, 'node_modules', '.bin'), process.env.PATH];
  return {
    PATH: folders.join(':'),
    DOOR: `127.0.0.1:${ports.EDGE_PORT}`,
    AUTH: `127.0.0.1:${ports.AUTH_GRPC_PORT}`,
    RESERVAS: `127.0.0.1:${ports.RESERVAS_GRPC_PORT}`,
    RESERVAS_HTTP: `127.0.0.1:${ports.RESERVAS_HTTP_PORT}`,
    NATS_URL: `nats://127.0.0.1:${ports.NATS_PORT}`,
  };
}
