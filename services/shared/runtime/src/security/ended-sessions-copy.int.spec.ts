import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { autocommit, inTransaction, type Sql } from '../postgres/transaction.ts';
import type { Principal } from '../rpc/principal.ts';
import { createLogger } from '../telemetry/logger.ts';
import { EndedSessions } from './ended-sessions.ts';
import { EndedSessionsCopy } from './ended-sessions-copy.ts';
import { EndedSessionsTable, storeEndedAccount, storeEndedSession } from './ended-sessions-table.ts';

const PROMPTLY = { timeoutMs: 5_000 };

describe('the copy of the ended sessions in the memory of a process', () => {
  let database: RuntimeDatabase;
  let sql: Sql;
  let said: string[];
  const copies: EndedSessionsCopy[] = [];

  beforeEach(async () => {
    database = await createRuntimeDatabase();
    sql = autocommit(database.dataSource);
    said = [];
  });

  afterEach(async () => {
    await Promise.all(copies.splice(0).map((copy) => copy.stop()));
    await database.drop();
  });

  /** Another process of the service. */
  async function replica(): Promise<EndedSessions> {
    const ended = new EndedSessions();
    const write = (line: string) => void said.push(JSON.parse(line).msg);
    const logger = createLogger({ service: 'teste', destination: { write } });
    const copy = new EndedSessionsCopy({ table: new EndedSessionsTable(database.dataSource), ended, logger });
    copies.push(copy);
    await copy.start();
    return ended;
  }

  const of = (id: string, sessaoId = 's0'): Principal => ({
    ...{ id, tipo: 'USUARIO', papeis: [], geracao: 1, sessaoId, emitidoEm: new Date(), token: '' },
  });

  it('has everything that the table has when it has started', async () => {
    await storeEndedAccount(sql, 'cli_1', 2, new Date());
    await storeEndedSession(sql, 's1', new Date());
    const ended = await replica();
    expect([of('cli_1'), of('cli_2', 's1'), of('cli_2')].map((who) => ended.has(who))).toEqual([
      ...[true, true, false],
    ]);
  });

  it('learns within five seconds what another process has stored, again and again', async () => {
    const ended = await replica();
    for (const n of [1, 2, 3]) {
      await storeEndedAccount(sql, 'cli_1', n + 1, new Date());
      await storeEndedSession(sql, `s${n}`, new Date());
      const before = { ...of('cli_1'), geracao: n };
      await eventually(
        () => expect([ended.has(before), ended.has(of('cli_2', `s${n}`))]).toEqual([true, true]),
        {
          ...PROMPTLY,
        },
      );
    }
  });

  it('learns of an end whose transaction took longer than those that were written after it', async () => {
    const ended = await replica();
    const { promise: committed, resolve: commit } = Promise.withResolvers<void>();
    const slow = inTransaction(database.dataSource, async (tx) => {
      await storeEndedSession(tx, 'slow', new Date());
      await committed;
    });
    await eventually(async () =>
      expect(
        await sql.query(`select 1 from pg_stat_activity where state = 'idle in transaction'`),
      ).toHaveLength(1),
    );
    await storeEndedSession(sql, 'quick', new Date());
    await eventually(() => expect(ended.has(of('cli_1', 'quick'))).toBe(true), PROMPTLY);
    commit();
    await slow;
    await eventually(() => expect(ended.has(of('cli_1', 'slow'))).toBe(true), PROMPTLY);
  });

  it('reads more than a page, and goes on behind it', async () => {
    await sql.query(`insert into sessoes_revogadas select 's' || n, now() from generate_series(1, 12000) n`);
    const ended = await replica();
    expect(ended.size).toBe(12_000);
  });

  it.each(['as many ends as a page has, one by one', 'more of them than that in one and the same moment'])(
    'goes on behind %s',
    async (which) => {
      const moment = which.startsWith('more') ? 6_000 : 5_000;
      await sql.query(
        `insert into sessoes_revogadas select 's' || n, now() from generate_series(1, $1::int) n`,
        [moment],
      );
      if (which.startsWith('more')) {
        await sql.query('alter table sessoes_revogadas disable trigger sessoes_revogadas_vista');
        await sql.query('update sessoes_revogadas set vista_em = now()');
        await sql.query('alter table sessoes_revogadas enable trigger sessoes_revogadas_vista');
      }
      const ended = await replica();
      expect(ended.size).toBe(moment);
      await storeEndedSession(sql, 'later', new Date());
      await eventually(() => expect(ended.has(of('cli_1', 'later'))).toBe(true), PROMPTLY);
    },
  );

  it('goes on with what it knows while the database is away, says so once, and misses nothing', async () => {
    const ended = await replica();
    await storeEndedSession(sql, 's1', new Date());
    await eventually(() => expect(ended.has(of('cli_1', 's1'))).toBe(true), PROMPTLY);
    await sql.query('alter table sessoes_revogadas rename to fora');
    await eventually(() => expect(said).toEqual(['ended sessions cannot be read, trying on']), PROMPTLY);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(ended.has(of('cli_1', 's1'))).toBe(true);
    await sql.query(`insert into fora (sessao_id, em) values ('s2', now())`);
    await sql.query('alter table fora rename to sessoes_revogadas');
    await eventually(() => expect(ended.has(of('cli_1', 's2'))).toBe(true), PROMPTLY);
    expect(said).toEqual(['ended sessions cannot be read, trying on', 'ended sessions can be read again']);
  });

  it('starts only when it can be read', async () => {
    await sql.query('drop table sessoes_revogadas');
    await expect(replica()).rejects.toThrow('sessoes_revogadas');
  });

  it('forgets what is about tokens that have expired, here and in the table', async () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await storeEndedAccount(sql, 'cli_1', 2, ago(21));
    await storeEndedAccount(sql, 'cli_2', 2, ago(19));
    await storeEndedSession(sql, 's1', ago(21));
    await storeEndedSession(sql, 's2', ago(19));
    const ended = await replica();
    expect(ended.size).toBe(2);
    expect(await sql.query('select usuario_id from sessoes_encerradas')).toEqual([{ usuario_id: 'cli_2' }]);
    expect(await sql.query('select sessao_id from sessoes_revogadas')).toEqual([{ sessao_id: 's2' }]);
  });

  it('hears of rows that the release before has written', async () => {
    const ended = await replica();
    const upsert = `insert into sessoes_encerradas (usuario_id, geracao, em) values ('cli_1', $1, now())
      on conflict (usuario_id) do update set geracao = excluded.geracao`;
    await sql.query(upsert, [2]);
    await eventually(() => expect(ended.has(of('cli_1'))).toBe(true), PROMPTLY);
    await sql.query(`update sessoes_encerradas set geracao = 3, vista_em = '2020-01-01'`);
    await eventually(() => expect(ended.has({ ...of('cli_1'), geracao: 2 })).toBe(true), PROMPTLY);
  });
});
