import { writeFileSync } from 'node:fs';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { untold } from './faults.ts';
import { ASVS_PAGE, countsOf, pageWith, readPage, requirements } from './page.ts';
import { titlesWithRequirements } from './spec-files.ts';

readCommandLine({
  name: 'asvs',
  help: `npm run asvs

Writes tests whose titles name a requirement, as "(ASVS 7.5.1)", into its row of docs/security/asvs.md, and the counts at its head;
prints the counts.`,
});

const all = titlesWithRequirements();
const page = readPage();
const full = pageWith(page, untold(page, all));
writeFileSync(ASVS_PAGE, full);
for (const { id, file, title } of untold(full, all)) console.log(`no row ${id} for ${file}: ${title}`);
console.log(countsOf(requirements(full)));
