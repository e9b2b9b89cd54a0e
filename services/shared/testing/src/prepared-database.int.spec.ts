import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPreparedDatabase, TEST_TEMPLATES } from './prepared-database.ts';

const templates = process.env[TEST_TEMPLATES];

afterEach(() => {
  process.env[TEST_TEMPLATES] = templates;
});

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const freshName = () => `spec_${crypto.randomUUID()}`;

/** Leaves a table with one row, and counts how often it was asked to. */
function preparation() {
  const done: string[] = [];
  const prepare = async (url: string) => {
    done.push(url);
    await run(url, "create table espaco as select 'esp_1' as id");
  };
  return { done, prepare };
}

describe('createPreparedDatabase', () => {
  it('prepares once for all who ask at once, and gives each a database of its own', async () => {
    const { done, prepare } = preparation();
    const name = freshName();
    const ask = () => createPreparedDatabase(name, prepare);
    const [one, other] = await Promise.all([ask(), ask()]);
    const later = await ask();
    await run(one.url, 'delete from espaco');
    expect(await run(other.url, 'select id from espaco')).toEqual([{ id: 'esp_1' }]);
    expect(await run(later.url, 'select id from espaco')).toEqual([{ id: 'esp_1' }]);
    expect(done).toHaveLength(1);
    await Promise.all([one, other, later].map((database) => database.drop()));
  });

  it('takes what another worker has prepared', async () => {
    const { done, prepare } = preparation();
    const name = freshName();
    const first = await createPreparedDatabase(name, prepare);
    // What this module knows is forgotten, as it is in another worker and in the next suite.
    const anew = './prepared-database.ts?anew';
    const another: typeof import('./prepared-database.ts') = await import(anew);
    const second = await another.createPreparedDatabase(name, prepare);
    expect(await run(second.url, 'select id from espaco')).toEqual([{ id: 'esp_1' }]);
    expect(done).toHaveLength(1);
    await Promise.all([first.drop(), second.drop()]);
  });

  it('leaves no template behind when the preparation fails', async () => {
    const { prepare } = preparation();
    const name = freshName();
    const failing = createPreparedDatabase(name, () => Promise.reject(new Error('broken for a spec')));
    await expect(failing).rejects.toThrow('broken for a spec');
    const database = await createPreparedDatabase(name, prepare);
    expect(await run(database.url, 'select id from espaco')).toEqual([{ id: 'esp_1' }]);
    await database.drop();
  });

  it('prepares each database where the code is not the same for all', async () => {
    delete process.env[TEST_TEMPLATES];
    const { done, prepare } = preparation();
    const name = freshName();
    const both = [await createPreparedDatabase(name, prepare), await createPreparedDatabase(name, prepare)];
    expect(done).toEqual(both.map(({ url }) => url));
    await Promise.all(both.map((database) => database.drop()));
  });
});
