import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { PATIENCE_MS, runPage } from './run-page.ts';

/** Each with a number of steps that it has more of: none may be lost on the way. */
const TOURS = [
  { of: 'accounts', page: 'docs/tour-auth.md', atLeast: 30 },
  { of: 'messages', page: 'docs/tour-notificacoes.md', atLeast: 10 },
];

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

describe.each(TOURS)('the tour of $of', ({ page, atLeast }) => {
  it(
    'goes as its page says, command by command',
    async () => {
      const { steps, differences } = await runPage(page, platform.stack);
      expect(differences).toEqual([]);
      expect(steps).toBeGreaterThan(atLeast);
    },
    PATIENCE_MS,
  );
});
