import { describe, expect, it } from '@jest/globals';
import { paginate } from './paginate.ts';

describe('paginate', () => {
  const asked: object[] = [];
  const list = async (request: { pageToken?: string; status?: string }) => {
    asked.push(request);
    const page = Number(request.pageToken || 0);
    return {
      itens: page === 1 ? [] : [`a${page}`, `b${page}`],
      nextPageToken: page < 2 ? `${page + 1}` : '',
    };
  };

  it('answers the items of all pages under the same filters, also behind an empty one', async () => {
    asked.length = 0;
    const items: string[] = [];
    for await (const item of paginate(list, { status: 'X' }, (page) => page.itens)) items.push(item);
    expect(items).toEqual(['a0', 'b0', 'a2', 'b2']);
    expect(asked).toEqual(['', '1', '2'].map((pageToken) => ({ status: 'X', pageToken })));
  });

  it('asks for no page that nobody wants, and begins where it is told', async () => {
    asked.length = 0;
    for await (const item of paginate(list, { pageToken: '2' }, (page) => page.itens)) {
      expect(item).toBe('a2');
      break;
    }
    expect(asked).toEqual([{ pageToken: '2' }]);
  });
});
