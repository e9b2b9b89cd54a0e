/**
 * `npm run coverage -- <service>`: what its unit and integration specs and its proofs run of a service. Prints a line per
 * folder and the files with gaps; fails when a spec fails or less than the thresholds is run. Options of jest may follow.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misused } from '@plataforma/runtime/command-line';
import { unknownJestOption } from '../jest/options.ts';
import { SERVICES } from '../stack/service-env.ts';
import { coverageTable, type Summary, totalOf } from './table.ts';

/** Percent of the lines and of the branches. */
const THRESHOLD = 90;

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const HELP = `npm run coverage -- <${SERVICES.join(' | ')}> [options of jest]

Measures what the specs of a service run of it; exit code 1 below ${THRESHOLD} % of the lines or of the branches.`;

const [service = '', ...options] = process.argv.slice(2);
if ([service, ...options].some((word) => word === '--help' || word === '-h')) {
  console.log(HELP);
} else {
  const unknown = await unknownJestOption([service, ...options]);
  if (unknown !== undefined) misused('coverage', unknown);
  if (SERVICES.some((name) => name === service)) await measure(service);
  else misused('coverage', `"${service}" is none of ${SERVICES.join(', ')}`);
}

async function measure(name: string): Promise<void> {
  const folder = join('.plataforma', 'coverage', name);
  const jest = spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--conditions=source', '--disable-warning=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', `services/${name}/`, '--selectProjects', 'unit', 'int', 'proof'],
      // Not V8's: that counts comments as lines, and modules of types alone as never run.
      ...['--coverage', '--coverageProvider=babel', '--coverageReporters=json-summary'],
      `--coverageDirectory=${folder}`,
      ...[`--collectCoverageFrom=services/${name}/src/**/*.ts`, '--collectCoverageFrom=!**/*.spec.ts'],
      ...options,
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (jest.status !== 0) {
    process.exitCode = jest.status ?? 1;
    return;
  }
  const summary: Summary = JSON.parse(await readFile(join(ROOT, folder, 'coverage-summary.json'), 'utf8'));
  const { total: _, ...files } = summary;
  const own = Object.entries(files).map(([file, counts]) => ({ file: relative(ROOT, file), ...counts }));
  console.log(coverageTable(own, `services/${name}/src`));
  const { lines, branches } = totalOf(own);
  if (lines < THRESHOLD || branches < THRESHOLD) {
    console.error(`coverage: below ${THRESHOLD} % of the lines or of the branches`);
    process.exitCode = 1;
  }
}
