import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { agrees, outputsOf, scriptOf, stepsOf } from './tour-page.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = 'docs/tour-auth.md';
const STEPS = stepsOf(readFileSync(join(ROOT, PAGE), 'utf8'));
const PATIENCE_MS = 300_000;

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

/** What the steps print, up to the one that fails. */
function run(): Promise<{ printed: string; failure: string }> {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const { EDGE_PORT, MAIL_WEB_PORT, OIDC_PORT } = platform.stack.ports;
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    ...{ API: local(EDGE_PORT), MAIL: local(MAIL_WEB_PORT), ISSUER: local(OIDC_PORT) },
  };
  const args = ['--norc', '--noprofile', '-euo', 'pipefail', '-c', scriptOf(STEPS)];
  return new Promise((resolve) => {
    execFile('bash', args, { cwd: ROOT, env, timeout: PATIENCE_MS }, (error, printed, failure) =>
      resolve({ printed, failure: error ? `${error.code ?? error.signal}: ${failure}` : '' }),
    ).stdin?.end();
  });
}

describe('the tour of accounts', () => {
  it(
    'goes as its page says, command by command',
    async () => {
      const { printed, failure } = await run();
      const outputs = outputsOf(STEPS, printed);
      const differing = STEPS.flatMap(({ line, prints }, index) => {
        const output = outputs[index];
        if (output === undefined) return [`${PAGE}:${line} was not come to`];
        return prints === undefined || agrees(output, prints) ? [] : [`${PAGE}:${line} printed: ${output}`];
      });
      expect([failure, ...differing]).toEqual(['']);
      expect(outputs.length).toBeGreaterThan(30);
    },
    PATIENCE_MS,
  );
});
