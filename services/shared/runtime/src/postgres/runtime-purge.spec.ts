import { describe, expect, it } from '@jest/globals';
import { purgeRuntimeTables } from './runtime-purge.ts';

describe('purgeRuntimeTables', () => {
  /** What it asks with, when so many rows of outbox, inbox and keys were deleted. */
  async function purge(counts: (number | null)[], limit?: number) {
    const asked: unknown[][] = [];
    const database = {
      async query(_: string, values: unknown[]) {
        asked.push(values);
        return { rowCount: counts.shift() ?? null };
      },
    };
    return { asked, ...(await purgeRuntimeTables(database, limit)) };
  }

  it('deletes at most a thousand rows of each table: sent a week ago, handled 120 days ago, expired', async () => {
    expect(await purge([1, 2, 3])).toEqual({
      asked: [[7, 1_000], [120, 1_000], [1_000]],
      deleted: 6,
      more: false,
    });
  });

  it('keeps to what it was told', async () => {
    const { asked } = await purge([], 3);
    expect(asked).toEqual([[7, 3], [120, 3], [3]]);
  });

  it.each([
    [[1_000, 0, 0], true],
    [[0, 1_000, 0], true],
    [[0, 0, 1_000], true],
    [[999, 999, 999], false],
    [[null, null, null], false],
  ])('after %j rows there may be more: %s', async (counts, more) => {
    const deleted = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    expect(await purge([...counts])).toMatchObject({ deleted, more });
  });
});
