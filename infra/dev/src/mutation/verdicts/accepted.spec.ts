import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PACKAGES, readPackage } from '../sources/packages.ts';
import type { Accepted } from './gate.ts';
import { keyOf } from './identity.ts';

const ROOT = new URL('../../../../../', import.meta.url).pathname;
const LIST: Accepted[] = JSON.parse(readFileSync(join(import.meta.dirname, '../accepted.json'), 'utf8'));

describe('the list of survivors that may live', () => {
  it('speaks of sources that are judged, and of lines that stand in them', () => {
    const judged = new Set(Object.values(PACKAGES).flatMap((folder) => readPackage(ROOT, folder).sources));
    const stands = ({ file, line }: Accepted) =>
      judged.has(file) &&
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .some((other) => other.trim() === line);
    expect(LIST.filter((entry) => !stands(entry))).toEqual([]);
  });

  it('says why, and names each once', () => {
    expect(LIST.filter(({ reason }) => reason.trim() === '')).toEqual([]);
    expect(new Set(LIST.map(keyOf)).size).toBe(LIST.length);
  });
});
