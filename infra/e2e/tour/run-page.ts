import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../platform/platform.ts';
import { agrees, outputsOf, type Step, scriptOf, stepsOf } from './tour-page.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** For all the commands of a page together. */
export const PATIENCE_MS = 300_000;

/** What became of the commands of a page. */
interface Run {
  /** How many steps were come to. */
  readonly steps: number;
  /** What was otherwise than the page says, in words. */
  readonly differences: readonly string[];
}

/** Runs the commands of a page against a stack, in one shell, and compares what they print with what the page says. */
export async function runPage(
  page: string,
  place: Pick<Place, 'ports' | 'dataDir'>,
  more: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const steps = stepsOf(await readFile(join(ROOT, page), 'utf8'));
  const { printed, failure } = await run(steps, { ...environmentOf(place), ...more });
  const outputs = outputsOf(steps, printed);
  const differing = steps.flatMap(({ line, prints }, index) => {
    const output = outputs[index];
    if (output === undefined) return [`${page}:${line} was not come to`];
    return prints === undefined || agrees(output, prints) ? [] : [`${page}:${line} printed: ${output}`];
  });
  return { steps: outputs.length, differences: [...(failure === '' ? [] : [failure]), ...differing] };
}

function environmentOf({ ports, dataDir }: Pick<Place, 'ports' | 'dataDir'>) {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const { EDGE_PORT, MAIL_WEB_PORT, OIDC_PORT, PROVIDERS_PORT } = ports;
  return {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    ...{ API: local(EDGE_PORT), MAIL: local(MAIL_WEB_PORT), ISSUER: local(OIDC_PORT) },
    ...{ PROVIDERS: local(PROVIDERS_PORT), PLATAFORMA_DATA: dataDir },
  };
}

/** What the steps print, up to the one that fails. */
function run(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<{ printed: string; failure: string }> {
  const args = ['--norc', '--noprofile', '-euo', 'pipefail', '-c', scriptOf(steps)];
  return new Promise((resolve) => {
    execFile('bash', args, { cwd: ROOT, env, timeout: PATIENCE_MS }, (error, printed, failure) =>
      resolve({ printed, failure: error ? `${error.code ?? error.signal}: ${failure}` : '' }),
    ).stdin?.end();
  });
}
