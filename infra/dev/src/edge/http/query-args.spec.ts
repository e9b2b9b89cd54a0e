import { describe, expect, it } from '@jest/globals';
import { parseQueryArgs } from './query-args.ts';

describe('parseQueryArgs', () => {
  it.each<[string, [string, unknown][]]>([
    ['', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1&a=2&a=3', [['a', ['1', '2', '3']]]],
    [
      'a&b=',
      [
        ['a', true],
        ['b', ''],
      ],
    ],
    ['a&a=1', [['a', [true, '1']]]],
    ['=1&&a=1=2', [['a', '1=2']]],
    [
      'a+b=c+d&S%C3%A3o=%zz',
      [
        ['a b', 'c d'],
        ['São', '%zz'],
      ],
    ],
  ])('reads %s', (query, args) => {
    expect([...parseQueryArgs(query)]).toEqual(args);
  });

  it('reads a hundred arguments, and not one more', () => {
    const names = Array.from({ length: 101 }, (_, i) => `a${i}`);
    const query = names.map((name) => `${name}=x`).join('&');
    expect([...parseQueryArgs(query).keys()]).toEqual(names.slice(0, 100));
  });
});
