/** `npm run interop:install`: servers of others, built from their sources, that suites talk to where there is Go. */
import { join } from 'node:path';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { buildWithGo, findGo, INTEROP_BIN } from './go.ts';

readCommandLine({
  name: 'interop:install',
  help: `npm run interop:install

Builds FerretDB, which speaks MongoDB's protocol, into .plataforma/interop, where the suites of the history find it. Needs
Go 1.22 or later and its module proxy; takes minutes the first time and seconds later. Without it those suites say that
they were left out.`,
});

const go = findGo();
if (go === undefined) {
  console.error('interop:install: Go is not installed here (https://go.dev/dl), so nothing was done.');
  process.exitCode = 1;
} else {
  console.log('building FerretDB: minutes the first time');
  const built = await buildWithGo(go, 'ferretdb', ['-o', join(INTEROP_BIN, 'ferretdb'), '.']);
  process.exitCode = built ? 0 : 1;
  if (built) console.log('FerretDB is there');
}
