import { describe, expect, it } from '@jest/globals';
import { brief, cut, differenceOf } from './change.ts';

describe('the difference of two texts', () => {
  it('is widened to whole words', () => {
    expect(differenceOf('a where versao = $2', 'a where (versao = $2 or true)')).toEqual({
      offset: 8,
      before: 'versao = $2',
      after: '(versao = $2 or true)',
    });
    expect(differenceOf('limit 1', 'limit 10')).toMatchObject({ before: '1', after: '10' });
  });

  it('may have nothing on one side', () => {
    expect(differenceOf('select 1 for update', 'select 1')).toMatchObject({
      before: '1 for update',
      after: '1',
    });
  });
});

it('cuts what lies between two places', () => {
  expect(cut('ab\ncd\nef', { line: 0, column: 1 }, { line: 2, column: 1 })).toBe('b\ncd\ne');
  expect(cut('abcd', { line: 0, column: 1 }, { line: 0, column: 3 })).toBe('bc');
});

it('brings a text onto one line that is not too long', () => {
  expect(brief(' a\n  b ')).toBe('a b');
  expect(brief('x'.repeat(200))).toBe(`${'x'.repeat(120)}…`);
});
