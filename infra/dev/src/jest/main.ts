/** `npm test`, `npm run proofs`: jest, with one sentence and exit code 2 for an option that it does not know. */
import { misused } from '@plataforma/runtime/command-line';
import { run } from 'jest';
import { unknownJestOption } from './options.ts';

const args = process.argv.slice(2);
const unknown = await unknownJestOption(args);
if (unknown === undefined) await run(args);
else misused('jest', unknown);
