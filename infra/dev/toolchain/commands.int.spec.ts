import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { COMPILE_CACHE } from '../src/stack/processes/node-process.ts';
import { TASKS } from './tasks.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

jest.setTimeout(60_000);

interface Command {
  readonly command: readonly string[];
  /** A word that is one too many; some commands take any number. */
  readonly extraWords?: readonly string[];
  /** What it says wrong values of its options are. */
  readonly wrong?: readonly (readonly string[])[];
}

const { exec: _any, ...tasks } = TASKS;

const EXTRA: Record<string, Omit<Command, 'command'>> = {
  start: { extraWords: ['depressa'] },
  check: { extraWords: ['tudo'] },
  reset: { extraWords: ['tudo'] },
  plataforma: {
    extraWords: ['dança'],
    wrong: [
      ...['book', 'pay', 'decline', 'listen', 'trigger', 'time', 'doctor', 'reset'].map((v) => [
        v,
        '--nonsense',
      ]),
      ...[
        ['pay'],
        ['pay', 'esp_1'],
        ['decline', 'res_1', 'res_2'],
        ['listen', ''],
        ['trigger'],
        ['trigger', '?'],
        ['time'],
      ],
    ],
  },
  events: { extraWords: ['reservas.>', 'pagamentos.>'] },
  'history:migrate': { extraWords: ['not_1'], wrong: [['--batch', '0']] },
  'history:prepare': { extraWords: ['historico'] },
  interop: { extraWords: ['grpcurl'] },
  'interop:install': { extraWords: ['ferretdb'] },
  'docs:picture': { extraWords: ['reservas'] },
  'mail:preview': { extraWords: ['boas-vindas'] },
  'mail:screenshots': { extraWords: ['boas-vindas'] },
  'keys:rotate': { extraWords: ['agora'] },
  'ledger:verify': { extraWords: ['pag_1'] },
  'projections:rebuild': { extraWords: ['pag_1'] },
  reconcile: { extraWords: ['pag_1'] },
  dlq: {
    extraWords: ['list', '1'],
    wrong: [['apaga'], ['drop'], ['drop', 'tudo'], ['list', '--all'], ['list', '--consumer', 'a b']],
  },
  access: { extraWords: ['auth'] },
  gen: { extraWords: ['kong'] },
  examples: { extraWords: ['reservas'] },
  breaking: { extraWords: ['main'] },
  'kong:config': { extraWords: ['kong.yml'], wrong: [[], ['--jwks', 'x'], ['--out', 'x']] },
  extract: { extraWords: ['reservas', 'auth'], wrong: [[], ['vendas']] },
  mutation: {
    wrong: [
      [],
      ['filas.ts'],
      ['--package', 'vendas'],
      ['--package', 'pagamentos', '--concurrency', '0'],
      ['--package', 'pagamentos', '--sample', 'muitas'],
      ['--package', 'pagamentos', 'naoexiste.ts'],
      ['--package', 'pagamentos', 'filas.ts', 'pagamento.spec.ts'],
      ['--changed', 'filas.ts'],
      ['--changed', '--base', 'naoexiste'],
      ['--base', 'main', '--package', 'auth'],
    ],
  },
  coverage: { wrong: [[], ['vendas'], ['reservas', '--nonsense']] },
  race: { wrong: [['--times', '0'], ['--times', '1.5'], ['--times']] },
  'bench:auth': {
    extraWords: ['login'],
    wrong: [
      ['--only', 'tudo'],
      ['--seconds', 'dez'],
      ['--rounds', '0'],
      ['--refresh-seconds', ''],
    ],
  },
  'bench:notificacoes': {
    extraWords: ['smtp'],
    wrong: [
      ['--only', 'tudo'],
      ['--messages', 'mil'],
      ['--rounds', '0'],
      ['--rate', ''],
    ],
  },
  'bench:reservas': {
    extraWords: ['criar'],
    wrong: [
      ['--only', 'tudo'],
      ['--seconds', 'dez'],
      ['--rounds', '-1'],
      ['--fill-seconds', ''],
    ],
  },
  'bench:saga': {
    extraWords: ['50'],
    wrong: [
      ['--rates', '10,x'],
      ['--seconds', '0'],
      ['--hold', '-1'],
    ],
  },
};

/** Every task of the bootstrap, and the programs beside it that take options. */
const COMMANDS: Record<string, Command> = {
  ...Object.fromEntries(
    Object.entries(tasks).map(([name, { command }]) => [name, { command, ...EXTRA[name] }]),
  ),
  'kong-check': {
    command: ['node', '--conditions=source', 'infra/dev/src/kong-schema/kong-check.ts'],
    extraWords: ['a.yml', 'b.yml'],
  },
};

let dataDir: string;
let nats: Server;
let connections: number;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plataforma-commands-'));
  await writeFile(join(dataDir, 'secrets.json'), '{}');
  connections = 0;
  nats = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => nats.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  nats.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function run({ command: [, ...args] }: Command, ...words: readonly string[]) {
  const port = (nats.address() as AddressInfo).port;
  const child = spawn(process.execPath, [...args, ...words], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      PLATAFORMA_DATA: dataDir,
      NATS_URL: `nats://127.0.0.1:${port}`,
    },
    timeout: 30_000,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

/** Nothing was written, deleted or connected to. */
async function expectNothingDone(): Promise<void> {
  expect(await readdir(dataDir)).toEqual(['secrets.json']);
  expect(connections).toBe(0);
}

const each = Object.entries(COMMANDS);

describe.each(each)('%s', (name, command) => {
  it('tells about itself on --help, and does nothing', async () => {
    const { code, stdout, stderr } = await run(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(['test', 'proofs'].includes(name) ? 'Usage:' : name);
    await expectNothingDone();
  });

  it('ends with one sentence and exit code 2 for what it does not know', async () => {
    const { extraWords, wrong = [] } = command;
    const cases = [['--nonsense'], ...(extraWords ? [extraWords] : []), ...wrong];
    const answers = await Promise.all(cases.map((words) => run(command, ...words)));
    const one = { code: 2, stdout: '', stderr: expect.stringMatching(/^[\w:-]+: [^\n]+\n$/) };
    expect(answers).toEqual(cases.map(() => one));
    await expectNothingDone();
  });
});
