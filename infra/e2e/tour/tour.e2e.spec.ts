import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { agrees, outputsOf, type Step, scriptOf, stepsOf } from './tour-page.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Each with a number of steps that it has more of: none may be lost on the way. */
const TOURS = [
  { of: 'accounts', page: 'docs/tour-auth.md', atLeast: 30 },
  { of: 'messages', page: 'docs/tour-notificacoes.md', atLeast: 10 },
];
const PATIENCE_MS = 300_000;

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

/** What the steps print, up to the one that fails. */
function run(steps: readonly Step[]): Promise<{ printed: string; failure: string }> {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const { EDGE_PORT, MAIL_WEB_PORT, OIDC_PORT, PROVIDERS_PORT } = platform.stack.ports;
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    ...{ API: local(EDGE_PORT), MAIL: local(MAIL_WEB_PORT), ISSUER: local(OIDC_PORT) },
    ...{ PROVIDERS: local(PROVIDERS_PORT), PLATAFORMA_DATA: platform.stack.dataDir },
  };
  const args = ['--norc', '--noprofile', '-euo', 'pipefail', '-c', scriptOf(steps)];
  return new Promise((resolve) => {
    execFile('bash', args, { cwd: ROOT, env, timeout: PATIENCE_MS }, (error, printed, failure) =>
      resolve({ printed, failure: error ? `${error.code ?? error.signal}: ${failure}` : '' }),
    ).stdin?.end();
  });
}

describe.each(TOURS)('the tour of $of', ({ page, atLeast }) => {
  it(
    'goes as its page says, command by command',
    async () => {
      const steps = stepsOf(readFileSync(join(ROOT, page), 'utf8'));
      const { printed, failure } = await run(steps);
      const outputs = outputsOf(steps, printed);
      const differing = steps.flatMap(({ line, prints }, index) => {
        const output = outputs[index];
        if (output === undefined) return [`${page}:${line} was not come to`];
        return prints === undefined || agrees(output, prints) ? [] : [`${page}:${line} printed: ${output}`];
      });
      expect([failure, ...differing]).toEqual(['']);
      expect(outputs.length).toBeGreaterThan(atLeast);
    },
    PATIENCE_MS,
  );
});
