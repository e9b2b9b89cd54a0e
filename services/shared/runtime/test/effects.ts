import type { DataSource } from 'typeorm';
import { PostgresIdempotencyKeys } from '../src/idempotency/idempotency-keys.ts';
import type { Sql } from '../src/postgres/transaction.ts';
import { PostgresUnitOfWork } from '../src/postgres/unit-of-work.ts';
import { createRuntimeDatabase, type RuntimeDatabase } from './runtime-database.ts';

/** What calls have made in a transaction of {@link Effects}. */
class EffectsOfTransaction {
  readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  async add(id: string, value: string): Promise<void> {
    await this.sql.query('insert into efeitos (id, value) values ($1, $2)', [id, value]);
  }
}

/** A database with one table, whose rows are the effects of calls. */
export class Effects {
  readonly dataSource: DataSource;
  readonly keys: PostgresIdempotencyKeys;
  readonly uow: PostgresUnitOfWork<EffectsOfTransaction>;
  readonly stop: () => Promise<void>;

  private constructor({ dataSource, drop }: RuntimeDatabase) {
    this.dataSource = dataSource;
    this.keys = new PostgresIdempotencyKeys(dataSource);
    this.uow = new PostgresUnitOfWork(dataSource, (sql) => new EffectsOfTransaction(sql));
    this.stop = drop;
  }

  static async start(poolSize = 10): Promise<Effects> {
    const database = await createRuntimeDatabase(poolSize);
    await database.dataSource.query('create table efeitos (id text primary key, value text not null)');
    return new Effects(database);
  }

  async valueOf(id: string): Promise<string> {
    const [row]: { value: string }[] = await this.dataSource.query(
      'select value from efeitos where id = $1',
      [id],
    );
    if (!row) throw new Error(`no effect ${id}`);
    return row.value;
  }

  async ids(): Promise<string[]> {
    const rows: { id: string }[] = await this.dataSource.query('select id from efeitos order by id');
    return rows.map(({ id }) => id);
  }
}
