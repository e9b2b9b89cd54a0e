import { type IdKey, MAX_COUNTER } from '@plataforma/domain/id';
import type { DataSource } from 'typeorm';
import { highestStoredCounter, type IdSource } from './id-floors.ts';
import type { IdMarks } from './redis-ids.ts';

/** Numbers that may be given out before the database hears of it again. */
const BLOCK = 1_000n;

interface Row {
  readonly limite: string;
}

/**
 * How far the counters of identities may have come, in the service's own database: one row a prefix, written once in a
 * thousand identities. It says nothing of single identities, so imported ones, purged ones and those of an earlier key
 * change nothing about it.
 */
export class PostgresIdMarks implements IdMarks {
  readonly #dataSource: DataSource;
  readonly #sources: Readonly<Record<string, IdSource>>;
  readonly #key: IdKey;

  /** @param sources where identities are stored that were given out before there were marks */
  constructor(dataSource: DataSource, sources: Readonly<Record<string, IdSource>>, key: IdKey) {
    this.#dataSource = dataSource;
    this.#sources = sources;
    this.#key = key;
  }

  async floor(prefix: string): Promise<bigint> {
    const [row] = await this.#dataSource.query<Row[]>(
      'select limite from limites_de_ids where prefixo = $1',
      [prefix],
    );
    if (row) return BigInt(row.limite);
    const source = this.#sources[prefix];
    return source ? highestStoredCounter(this.#dataSource, prefix, source, this.#key) : 0n;
  }

  /** Processes that cross the mark together move it once: it is raised only as far as it does not reach yet. */
  async raise(prefix: string, counter: bigint): Promise<bigint> {
    const next = counter + BLOCK > MAX_COUNTER ? MAX_COUNTER : counter + BLOCK;
    const [row] = await this.#dataSource.query<[Row]>(
      `insert into limites_de_ids as l (prefixo, limite) values ($1, $3)
       on conflict (prefixo) do update set limite = case when l.limite >= $2 then l.limite else excluded.limite end
       returning limite`,
      [prefix, `${counter}`, `${next}`],
    );
    return BigInt(row.limite);
  }
}
