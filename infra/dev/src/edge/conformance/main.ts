/** `npm run conformance`: what Kong answers, asked of the local edge, of a Kong, or of whatever stands at an address. */
import { join } from 'node:path';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { jestPreset } from '@plataforma/testing/jest/preset';
import { run } from 'jest';

const HELP = `npm run conformance -- [--url <address> [--admin <address>] [--upstream-host <host>]]

Asks a gateway for everything that Kong is known to do, and fails for each answer that is another one.

  (nothing)        the local edge, with the suite's own configuration and services that answer by a script
  --url            whatever stands at this address before the platform, such as http://127.0.0.1:8000: only what needs
                   neither an account nor a configuration of its own. Starts nothing
  --admin          the Admin API of the Kong at --url, which is given the suite's configuration, so that the whole suite
                   can be asked: not one that is in use. The protos of
                   infra/dev/src/edge/conformance/fixtures have to be in its /opt/kong/protos
  --upstream-host  this machine as that Kong sees it; 127.0.0.1 unless told otherwise`;

const { values } = readCommandLine({
  name: 'conformance',
  help: HELP,
  options: { url: { type: 'string' }, admin: { type: 'string' }, 'upstream-host': { type: 'string' } },
});
const { url, admin, 'upstream-host': upstreamHost } = values;
if (url !== undefined && !/^https?:\/\/[^/]+$/.test(url))
  misused('conformance', `"${url}" is no base address`);
if (url === undefined && (admin ?? upstreamHost) !== undefined)
  misused('conformance', '--admin and --upstream-host say more about a --url');

for (const [name, value] of Object.entries({ BASE_URL: url, ADMIN_URL: admin, UPSTREAM_HOST: upstreamHost }))
  if (value !== undefined) process.env[`CONFORMANCE_${name}`] = value;
// Suites that configure the same Kong must not run beside each other.
await run(['--config', JSON.stringify(jestConfig(suitesFor(url, admin))), '--runInBand']);

/** By the name of their files: a Kong that is given the suite's configuration has not the one that is deployed. */
function suitesFor(url: string | undefined, admin: string | undefined): string {
  if (url === undefined) return '!(conformance-target)';
  return admin === undefined ? 'deployed' : '!(conformance-target|deployed)';
}

/** The preset's, without the servers that its integration suites share. */
function jestConfig(suites: string): object {
  const rootDir = join(import.meta.dirname, '../../../../..');
  const preset = jestPreset({ rootDir });
  const projects = preset.projects?.flatMap((project) => {
    if (typeof project === 'string' || project.displayName !== 'int') return [];
    const { globalSetup: _start, globalTeardown: _stop, ...rest } = project;
    return [{ ...rest, testMatch: [`<rootDir>/infra/dev/src/edge/conformance/${suites}.int.spec.ts`] }];
  });
  return { ...preset, projects };
}
