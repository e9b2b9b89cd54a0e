import { decodeId, type IdKey } from '@plataforma/domain/id';
import type { DataSource, EntityManager } from 'typeorm';

/** Where a prefix's identities are stored. */
export interface IdSource {
  readonly table: string;
  /** Column with the identity, default `id`. */
  readonly column?: string;
}

const PAGE = 1_000;

/**
 * An identity of another origin (imported, or made with an earlier key) decodes to some number too, one time in fifty,
 * and it would be anywhere below 2^42. Numbers that are far more than there are rows are taken for such ones.
 */
const DRAWN_PER_ROW = 1_000n;
const DRAWN_AT_LEAST = 1_000_000n;

/**
 * The highest counter among all stored identities of a prefix: how far a counter has come of which nothing else is
 * known. Goes through the whole table, a page at a time (about 15 s a million rows).
 *
 * @param key the key the identities were made with.
 */
export function highestStoredCounter(
  dataSource: DataSource,
  prefix: string,
  source: IdSource,
  key: IdKey,
): Promise<bigint> {
  const column = source.column ?? 'id';
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const [{ count }] = (await manager.query(`select count(*) from ${source.table}`)) as [{ count: string }];
    const most = BigInt(count) * DRAWN_PER_ROW + DRAWN_AT_LEAST;
    let highest = 0n;
    for await (const id of storedIds(manager, `select ${column} as id from ${source.table}`)) {
      const counter = counterOf(prefix, id, key);
      if (counter > highest && counter <= most) highest = counter;
    }
    return highest;
  });
}

async function* storedIds(manager: EntityManager, query: string): AsyncGenerator<string> {
  await manager.query(`declare ids_gravados no scroll cursor for ${query}`);
  for (;;) {
    const rows: Array<{ id: string }> = await manager.query(`fetch ${PAGE} from ids_gravados`);
    for (const { id } of rows) yield id;
    if (rows.length < PAGE) return;
  }
}

function counterOf(prefix: string, id: string, key: IdKey): bigint {
  try {
    return decodeId(prefix, id, key);
  } catch (error) {
    if (error instanceof RangeError) return 0n;
    throw error;
  }
}
