import { expect, it } from '@jest/globals';
import { changedLines } from './changed.ts';

it('finds the lines that a diff has added, and none that it has only taken away', () => {
  const diff = [
    'diff --git a/a.ts b/a.ts',
    '--- a/a.ts',
    '+++ b/a.ts',
    '@@ -3 +3,2 @@ function f() {',
    '-antes',
    '+depois',
    '@@ -9,2 +10,0 @@',
    '@@ -20 +20 @@',
    'diff --git a/b.ts b/b.ts',
    '--- a/b.ts',
    '+++ /dev/null',
    '@@ -1,2 +0,0 @@',
  ];
  const lines = changedLines(diff.join('\n'));
  expect(Object.fromEntries(lines)).toEqual({ 'a.ts': new Set([3, 4, 20]) });
});
