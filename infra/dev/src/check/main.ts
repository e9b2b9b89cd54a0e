/** `npm run check`: everything that can be said about the code without running it. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { readCommandLine } from '@plataforma/runtime/command-line';

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A negative control: the step is right when the command fails and says all of this. */
  readonly mustFailWith?: readonly string[];
}

const bin = (name: string) => `node_modules/.bin/${name}`;

/** Copies of public files keep their own style; buf refuses to exclude the folder they share. */
const VENDORED = ['buf', 'google', 'grpc'].map((folder) => `proto/third_party/${folder}`);

const steps: readonly Step[] = [
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'lint and format',
    command: bin('biome'),
    args: ['ci', '--error-on-warnings', '--colors=off', '.'],
  },
  { name: 'contracts: lint', command: bin('buf'), args: ['lint'] },
  {
    name: 'contracts: format',
    command: bin('buf'),
    args: ['format', '-d', '--exit-code', ...VENDORED.flatMap((path) => ['--exclude-path', path])],
  },
  {
    name: 'contracts: generated code is up to date',
    command: process.execPath,
    args: ['--conditions=source', 'infra/dev/src/gen/main.ts', '--check'],
  },
  {
    name: 'contracts: who uses the last release goes on',
    command: process.execPath,
    args: ['--conditions=source', 'infra/dev/src/gen/breaking-main.ts'],
  },
  {
    name: 'gateway: Kong would load every configuration',
    command: process.execPath,
    args: ['--conditions=source', 'infra/dev/src/kong-schema/kong-check.ts'],
  },
  {
    name: 'gateway: the check refuses what Kong refuses',
    command: process.execPath,
    args: [
      '--conditions=source',
      'infra/dev/src/kong-schema/kong-check.ts',
      'infra/dev/src/kong-schema/fixtures/methods-on-grpc.yml',
    ],
    mustFailWith: ["cannot set 'methods' when 'protocols' is 'grpc' or 'grpcs'"],
  },
  { name: 'dependency rules', command: bin('depcruise'), args: ['services', 'infra', 'gen/src', '--config'] },
  {
    name: 'dependency rules refuse what they must',
    command: bin('depcruise'),
    args: [
      'infra/dev/src/architecture/fixtures',
      '--config',
      'infra/dev/src/architecture/fixtures/rules.cjs',
    ],
    mustFailWith: [
      'domain-is-pure: ',
      'application-knows-no-adapter: ',
      'adapters-are-strangers: ',
      'storage-knows-no-caller: ',
      'services-exemplo-has-no-other-room: ',
      'services-exemplo-dentro-knows-its-place: ',
      'services-exemplo-fora-knows-its-place: ',
      'nothing-unresolved: ',
    ],
  },
  {
    name: 'unused code',
    command: process.execPath,
    // The configurations that knip reads import workspace packages, which are TypeScript here.
    args: ['--conditions=source', bin('knip'), '--no-progress', '--treat-config-hints-as-errors'],
  },
];

function run(step: Step): Promise<{ ok: boolean; output: string }> {
  const child = spawn(step.command, step.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        ok: step.mustFailWith
          ? code !== 0 && step.mustFailWith.every((text) => output.includes(text))
          : code === 0,
        output,
      }),
    );
  });
}

readCommandLine({
  name: 'check',
  help: `npm run check

Everything that can be said about the code without running it: types, lint and format, contracts, generated code, what
Kong would refuse, dependency rules, unused code.`,
});

let failed = 0;
for (const step of steps) {
  const start = performance.now();
  const { ok, output } = await run(step);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${ok ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  if (!ok) {
    failed++;
    console.log(output.trimEnd());
  }
}
console.log(failed === 0 ? 'check: all good' : `check: ${failed} of ${steps.length} steps failed`);
process.exitCode = failed === 0 ? 0 : 1;
