import { describe, expect, it } from '@jest/globals';
import {
  byInstant,
  byWholeNumber,
  fromPageToken,
  instantOf,
  type Posicao,
  pageOf,
  pageSize,
  readPage,
  toPageToken,
} from './page-token.ts';

const POSICAO = { ordem: 'Sala Ipê', id: 'esp_1' };
const INVALIDA = expect.objectContaining({
  isFailure: true,
  error: expect.objectContaining({ motivo: 'PAGINA_INVALIDA' }),
});

describe('page token', () => {
  it('gives its position back', () => {
    expect(fromPageToken(toPageToken(POSICAO))).toEqual(expect.objectContaining({ value: POSICAO }));
  });

  it('is empty for the first and after the last page', () => {
    expect(fromPageToken('', () => false)).toEqual(
      expect.objectContaining({ isSuccess: true, value: undefined }),
    );
    expect(toPageToken(undefined)).toBe('');
  });

  it.each([
    ['nothing readable', 'not-a-token!'],
    ['JSON of another shape', '{"a":1}'],
    ['JSON null', 'null'],
    ['a position without an id', '["x"]'],
    ['a position of an earlier shape', '["espacos:","x","esp_1"]'],
    ['a position that is no text', '[1,"esp_1"]'],
    ['an id that is no text', '["x",1]'],
  ])('is refused when it is of %s', (_, token) => {
    expect(fromPageToken(token)).toEqual(INVALIDA);
  });

  it.each([
    ['2026-06-10T10:00:00.123Z', byInstant, true],
    ['2026-06-10', byInstant, false],
    ['0', byWholeNumber, true],
    ['999999999999999999', byWholeNumber, true],
    ['1000000000000000000', byWholeNumber, false],
    ['-1', byWholeNumber, false],
    ['1.5', byWholeNumber, false],
    ['', byWholeNumber, false],
  ])('of %j is told by its order', (ordem, order, fits) => {
    const token = toPageToken({ ordem, id: 'res_1' });
    expect(fromPageToken(token, order)).toEqual(
      fits ? expect.objectContaining({ isSuccess: true }) : INVALIDA,
    );
  });

  it('tells the instant of a position', () => {
    const instant = new Date('2026-06-10T10:00:00.123Z');
    expect(instantOf({ ordem: instant.toISOString(), id: 'res_1' })).toEqual(instant);
  });

  it.each([
    '',
    '1781085600000',
    '2026-13-01T00:00:00.000Z',
    '2027-02-30T00:00:00.000Z',
    '2027-02-28T24:00:00.000Z',
    '-271821-04-20T00:00:00.000Z',
    'ontem',
  ])('knows that %j is no instant of a list', (ordem) => {
    expect(instantOf({ ordem, id: 'res_1' })).toBeUndefined();
  });
});

describe('page', () => {
  const posicao = (n: number) => ({ ordem: String(n), id: `esp_${n}` });

  it('has 20 rows unless another number is asked for', () => {
    expect([pageSize(0), pageSize(7)]).toEqual([20, 7]);
  });

  it('ends before the row that is one too many and says where the next page starts', () => {
    expect(pageOf([1, 2, 3], 2, posicao)).toEqual({ itens: [1, 2], proxima: { ordem: '2', id: 'esp_2' } });
  });

  it.each([{ rows: [] }, { rows: [1] }, { rows: [1, 2] }])('is the last one with $rows', ({ rows }) => {
    expect(pageOf(rows, 2, posicao)).toEqual({ itens: rows, proxima: undefined });
  });

  describe('of a list', () => {
    const list = async (maximo: number, depoisDe: Posicao | undefined) =>
      [1, 2, 3, 4, 5].slice(Number(depoisDe?.ordem ?? 0)).slice(0, maximo);
    const read = (pageToken: string, pageSize = 2) =>
      readPage({ pageSize, pageToken }, byWholeNumber, posicao, list);

    it('shows as many rows as are asked for, and where the next page starts', async () => {
      const proxima = { ordem: '2', id: 'esp_2' };
      expect(await read('')).toMatchObject({ value: { itens: [1, 2], proxima } });
      expect(await read(toPageToken(proxima))).toMatchObject({
        value: { itens: [3, 4], proxima: { ordem: '4', id: 'esp_4' } },
      });
      expect(await read('["4","esp_4"]')).toMatchObject({ value: { itens: [5], proxima: undefined } });
      expect(await read('', 0)).toMatchObject({ value: { itens: [1, 2, 3, 4, 5] } });
    });

    it('is not read for the token of another list', async () => {
      const unread = () => Promise.reject(new Error('it is read'));
      const pedida = { pageSize: 2, pageToken: '["ontem","esp_1"]' };
      expect(await readPage(pedida, byWholeNumber, posicao, unread)).toEqual(INVALIDA);
    });
  });
});
