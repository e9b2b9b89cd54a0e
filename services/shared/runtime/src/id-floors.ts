import { decodeId } from '@plataforma/domain/id';
import type { DataSource } from 'typeorm';

/** Where a prefix's identities are stored. */
export interface IdSource {
  readonly table: string;
  /** Column with the identity, default `id`. */
  readonly column?: string;
  /** Column with the instant of creation. */
  readonly createdAt: string;
}

/** Identities made at nearly the same time may be stored in another order, so more than the newest one is looked at. */
const NEWEST = 1_000;

/**
 * The highest counter among the newest identities of a table, for {@link RedisIdGenerator}: a Redis that lost its
 * counter must not start over. A prefix without a source has floor 0.
 *
 * @param key the key the identities were made with.
 */
export function floorsFromTables(
  dataSource: DataSource,
  sources: Readonly<Record<string, IdSource>>,
  key: Buffer,
): (prefix: string) => Promise<bigint> {
  return async (prefix) => {
    const source = sources[prefix];
    if (source === undefined) return 0n;
    const rows: Array<{ id: string }> = await dataSource.query(
      `select ${source.column ?? 'id'} as id from ${source.table} order by ${source.createdAt} desc limit ${NEWEST}`,
    );
    return rows.reduce((highest, { id }) => max(highest, counterOf(prefix, id, key)), 0n);
  };
}

/** An identity of another origin (imported, or made with an earlier key) says nothing about the counter. */
function counterOf(prefix: string, id: string, key: Buffer): bigint {
  try {
    return decodeId(prefix, id, key);
  } catch (error) {
    if (error instanceof RangeError) return 0n;
    throw error;
  }
}

const max = (a: bigint, b: bigint) => (a > b ? a : b);
