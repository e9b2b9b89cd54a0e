import { join } from 'node:path';
import { jestPreset } from '@plataforma/testing/jest/preset';

export default {
  ...jestPreset({
    rootDir: import.meta.dirname,
    e2eSetup: join(import.meta.dirname, 'infra/e2e/platform/share-platform.ts'),
  }),
  // Counts as the one of the preset, and misses tests that docs/security/asvs.md names.
  reporters: [join(import.meta.dirname, 'infra/dev/src/asvs/reporter.ts')],
};
