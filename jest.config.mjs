import { join } from 'node:path';
import { jestPreset } from '@plataforma/testing/jest/preset';

const here = (path) => join(import.meta.dirname, path);

const preset = jestPreset({
  rootDir: import.meta.dirname,
  e2eSetup: here('infra/e2e/platform/share-platform.ts'),
});

/** End-to-end suites look through the logs of the stacks that they used. */
const watched = (project) => ({
  ...project,
  setupFilesAfterEnv: [...project.setupFilesAfterEnv, here('infra/e2e/platform/watch-secrets.ts')],
});

export default {
  ...preset,
  projects: preset.projects.map((project) => (project.displayName === 'e2e' ? watched(project) : project)),
  // Counts as the one of the preset, and misses tests that docs/security/asvs.md names.
  reporters: [here('infra/dev/src/asvs/reporter.ts')],
};
