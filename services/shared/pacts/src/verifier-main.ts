/** Verifies pacts in a process of its own, for `verifyPacts`: the one argument is the options of the verifier, as JSON. */
import { Verifier } from '@pact-foundation/pact-core';

// What does not hold is printed by the core as it finds it.
await new Verifier(JSON.parse(process.argv[2] ?? '{}')).verify().catch(() => {
  process.exitCode = 1;
});
