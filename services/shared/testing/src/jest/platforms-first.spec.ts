import { expect, it } from '@jest/globals';
import PlatformsFirst from './platforms-first.ts';

type Tests = Parameters<PlatformsFirst['sort']>[0];

const SIZES: Readonly<Record<string, number>> = {
  '/raiz/services/auth/test/fuzz.proof.spec.ts': 3,
  '/raiz/infra/e2e/books/books.spec.ts': 4,
  '/raiz/infra/e2e/bus/bus.proof.spec.ts': 1,
  '/raiz/infra/e2e/failures/saga.e2e.spec.ts': 2,
};

it('begins with what starts platforms, each kind in the order of jest', async () => {
  const hasteFS = { getSize: (path: string) => SIZES[path] };
  const context = { config: { id: 'nowhere', cacheDirectory: '/nowhere' }, hasteFS };
  // Only what jest reads to sort them.
  const tests = Object.keys(SIZES).map((path) => ({ path, context })) as unknown as Tests;
  const sequencer = new PlatformsFirst({ contexts: [], globalConfig: {} } as never);
  const sorted = (await sequencer.sort(tests)).map(({ path }) => path.replace(/^.*\//, ''));
  expect(sorted).toEqual(['saga.e2e.spec.ts', 'bus.proof.spec.ts', 'books.spec.ts', 'fuzz.proof.spec.ts']);
});
