import { describe, expect, it } from '@jest/globals';
import { faults, untold } from '../asvs/faults.ts';
import { LEVEL_OF } from '../asvs/levels.ts';
import { readPage, requirements } from '../asvs/page.ts';
import { titlesOf, titlesWithRequirements } from '../asvs/spec-files.ts';

describe('the page about the ASVS', () => {
  it('has every requirement once, with its level, a status, and tests that are there and not skipped', () => {
    const page = readPage();
    expect(requirements(page).length).toBeGreaterThan(130);
    expect(faults(page, { levels: LEVEL_OF, titlesOf })).toEqual([]);
  });

  it('names every test that names a requirement: `npm run asvs` writes them down', () => {
    expect(untold(readPage(), titlesWithRequirements())).toEqual([]);
  });
});
