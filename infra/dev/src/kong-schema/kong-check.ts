/**
 * A step of `npm run check`: would Kong load the configurations of this project? With the name of a file it is that file
 * that is looked at.
 */
import { readFileSync } from 'node:fs';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { renderedConfigurations } from './configurations.ts';
import { kongRefusals, parseKongYaml } from './refusals.ts';

const { words } = readCommandLine({
  name: 'kong-check',
  words: 1,
  help: `node --conditions=source infra/dev/src/kong-schema/kong-check.ts [file]

Says why Kong would refuse the configurations of this project, or the rendered one in the file; exit code 1 if it would.`,
});
const [file] = words;
const configurations = file ? [{ name: file, text: readFileSync(file, 'utf8') }] : renderedConfigurations();

for (const { name, text } of configurations) {
  const reasons = kongRefusals(parseKongYaml(text));
  if (reasons.length > 0) process.exitCode = 1;
  for (const reason of reasons) console.error(`${name}: ${reason}`);
}
