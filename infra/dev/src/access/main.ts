import { writeFileSync } from 'node:fs';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { ACCESS_PAGE, pageWithTable } from './page.ts';

readCommandLine({
  name: 'access',
  help: `npm run access

Writes who may call what, as the services have it, into docs/security/access.md.`,
});

writeFileSync(ACCESS_PAGE, pageWithTable());
