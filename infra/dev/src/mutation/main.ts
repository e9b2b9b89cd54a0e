/**
 * `npm run mutation -- --package pagamentos [files]`: changes sources in small ways, one at a time, and sees whether the
 * specs of their package notice. Fails when they notice too few, or when one that they do not notice is not in
 * `mutation/accepted.json`, the list of those that somebody has looked at.
 */
import { fileURLToPath } from 'node:url';
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { changedSources, NoBaseError } from './sources/changed.ts';
import { matching, PACKAGES, readPackage } from './sources/packages.ts';
import { LEAST_SCORE } from './verdicts/gate.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** What a pull request may wait for. */
const MINUTES_FOR_CHANGES = 5;

const { values, words } = readCommandLine({
  name: 'mutation',
  words: Number.POSITIVE_INFINITY,
  options: {
    package: { type: 'string' },
    changed: { type: 'boolean', default: false },
    base: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
  },
  help: `npm run mutation -- --package <name> [options] [files]
npm run mutation -- --changed [options]

Changes sources in small ways and sees whether the specs of their package notice. Exit code 1 below ${LEAST_SCORE} %, or when a
survivor is not in infra/dev/src/mutation/accepted.json. A run that was stopped goes on where it stopped.

  --package <name>  one of ${Object.keys(PACKAGES).join(', ')}
  files             ends of paths or globs inside it, such as filas.ts or 'application/**'; without any: all of it
  --changed         the lines that differ from the base, for ${MINUTES_FOR_CHANGES} minutes unless --minutes says otherwise
  --base <commit>   default: where this branch left origin/main, or main
  --sample <n>      only so many, chosen by the seed: a score with its interval, without the list of survivors
  --seed <text>     default 1
  --minutes <n>     judge as many as fit
  --concurrency 1   processes side by side`,
});
const number = (option: 'sample' | 'minutes' | 'concurrency', otherwise: number) => {
  const text = values[option];
  return text === undefined ? otherwise : numberOption('mutation', option, text, { min: 1 });
};

const forever = Number.POSITIVE_INFINITY;
/** As long as a timer can be. */
const UNLIMITED_MINUTES = 24 * 24 * 60;
const how = {
  sample: number('sample', forever),
  seed: values.seed,
  minutes: number('minutes', values.changed ? MINUTES_FOR_CHANGES : UNLIMITED_MINUTES),
  concurrency: number('concurrency', 1),
};
const tasks = values.changed ? changed() : chosen(values.package);
// Only now: a parser and all of Stryker take longer to load than a refusal may take.
const { mutate } = await import('./command.ts');
process.exitCode = await mutate({ root: ROOT, tasks, ...how });

function chosen(name: string | undefined) {
  if (values.base !== undefined) return misused('mutation', '--base belongs to --changed');
  if (name === undefined) return misused('mutation', 'it wants --package or --changed');
  const folder = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (folder === undefined)
    return misused('mutation', `"${name}" is none of ${Object.keys(PACKAGES).join(', ')}`);
  const own = readPackage(ROOT, folder);
  const files = words.flatMap((word) => {
    const found = matching(own, word);
    return found.length > 0
      ? found
      : misused('mutation', `"${word}" is no source of ${name} that is changed`);
  });
  return [{ name, own, files: new Set(words.length > 0 ? files : own.sources) }];
}

function changed() {
  if (values.package !== undefined || words.length > 0) {
    return misused('mutation', '--changed finds the files by itself');
  }
  try {
    return changedSources(ROOT, values.base);
  } catch (error) {
    if (error instanceof NoBaseError) return misused('mutation', error.message);
    throw error;
  }
}
