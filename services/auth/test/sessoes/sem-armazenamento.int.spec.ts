import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { createDataSource } from '@plataforma/runtime/postgres';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { limpezaDeSessoes } from '../../src/sessoes/infrastructure/limpeza.ts';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

const LATER_THAN_ANY_GRACE_MS = 45_000;

/** The database takes no connection and breaks those that it has, until it is let back. */
async function cutDatabase(): Promise<{ back(): Promise<void> }> {
  const { url } = auth.dataSource.options as { url: string };
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const options = { url: server.href, applicationName: 'corte', entities: [], migrations: [] };
  const client = await createDataSource(options).initialize();
  await client.query(`alter database "${name}" allow_connections false`);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  return {
    async back() {
      await client.query(`alter database "${name}" allow_connections true`);
      await client.destroy();
      await eventually(async () => void (await auth.dataSource.query('select 1')));
    },
  };
}

describe('a refresh', () => {
  it('logs nobody out when PostgreSQL is cut off in the middle of it, however late it is tried again', async () => {
    const { refreshToken } = await newSession();
    const barrier = stopAt(/from usuarios/);
    const refused = failure(rpc.auth.refresh({ refreshToken }));
    await barrier.reached();
    const database = await cutDatabase();
    barrier.open();
    try {
      expect((await refused).motivo).not.toMatch(/^TOKEN_/);
      clock.advance(LATER_THAN_ANY_GRACE_MS);
      expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).not.toMatch(/^TOKEN_/);
      clock.advance(LATER_THAN_ANY_GRACE_MS);
    } finally {
      await database.back();
    }
    const next = await rpc.auth.refresh({ refreshToken });
    await rpc.auth.refresh({ refreshToken: next.refreshToken });
  }, 30_000);

  it('logs nobody out when its answer is lost and PostgreSQL is cut off before it is tried again', async () => {
    const { refreshToken } = await newSession();
    const lost = await rpc.auth.refresh({ refreshToken });
    const database = await cutDatabase();
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).not.toMatch(/^TOKEN_/);
    clock.advance(20_000);
    await database.back();
    const again = await rpc.auth.refresh({ refreshToken });
    expect(again.refreshToken).toBe(lost.refreshToken);
  }, 30_000);
});

describe('a logout', () => {
  it('ends the access token, too, when it is sent again after PostgreSQL was away', async () => {
    const session = await newSession();
    const { refreshToken } = session;
    const barrier = stopAt(/insert into outbox/);
    const cut = failure(rpc.auth.logout({ refreshToken }, as(session)));
    await barrier.reached();
    const database = await cutDatabase();
    barrier.open();
    expect((await cut).code).not.toBe(Code.Unauthenticated);
    await database.back();
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.users.getMe({}, as(session));
    await rpc.auth.logout({ refreshToken }, as(session));
    expect((await failure(rpc.users.getMe({}, as(session)))).motivo).toBe('TOKEN_INVALIDO');
  }, 30_000);
});

describe('a Redis that comes back empty', () => {
  it('has people log in again, lets access tokens live out, and no ended session in', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const [ended, open] = [await rpc.auth.login(quem), await rpc.auth.login(quem)];
    await rpc.auth.logout({}, as(ended));
    await auth.redis.flushall();
    for (const { refreshToken } of [ended, open])
      expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.users.getMe({}, as(open));
    expect((await failure(rpc.users.getMe({}, as(ended)))).motivo).toBe('TOKEN_INVALIDO');
    await rpc.auth.logout({}, as(open));
    expect((await failure(rpc.users.getMe({}, as(open)))).motivo).toBe('TOKEN_INVALIDO');
    await rpc.auth.login(quem);
  });
});

describe('a Redis that comes back older', () => {
  /** Puts it back where it was, as a restored copy or a replica that has not heard of the last writes would be. */
  async function remembered(): Promise<() => Promise<void>> {
    const keys = await auth.redis.keys('sess*');
    const copies = await Promise.all(
      keys.map(async (key) => ({
        key,
        ttl: await auth.redis.pttl(key),
        dump: await auth.redis.dumpBuffer(key),
      })),
    );
    return async () => {
      await auth.redis.flushall();
      for (const { key, ttl, dump } of copies) await auth.redis.restore(key, ttl, dump);
    };
  }

  /** What a service keeps for the life of an access token goes, as it goes after twenty minutes. */
  const later = () => auth.dataSource.query('truncate sessoes_revogadas; truncate outbox');

  it('lets nobody in by a session that was ended since, and lets the others go on', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const [ended, open] = [await rpc.auth.login(quem), await rpc.auth.login(quem)];
    const restore = await remembered();
    await rpc.auth.logout({}, as(ended));
    await later();
    await restore();
    expect((await rpc.auth.listSessions({}, as(open))).sessoes).toHaveLength(1);
    for (const _ of ['first', 'again'])
      expect((await failure(rpc.auth.refresh({ refreshToken: ended.refreshToken }))).motivo).toBe(
        'TOKEN_RENOVACAO_INVALIDO',
      );
    const { sessoes } = await rpc.auth.listSessions(
      {},
      as(await rpc.auth.refresh({ refreshToken: open.refreshToken })),
    );
    expect(sessoes).toHaveLength(1);
  });

  it('has a session that was taken for stolen ended once more', async () => {
    const { refreshToken: first } = await newSession();
    const restore = await remembered();
    const { refreshToken } = await rpc.auth.refresh({ refreshToken: first });
    await rpc.auth.refresh({ refreshToken });
    const again = async () => (await failure(rpc.auth.refresh({ refreshToken: first }))).motivo;
    expect(await again()).toBe('TOKEN_RENOVACAO_REUTILIZADO');
    await later();
    await restore();
    expect(await again()).toBe('TOKEN_RENOVACAO_INVALIDO');
  });
});

describe('the end of a session', () => {
  it('is known until none could be alive any more, ninety days', async () => {
    const session = await newSession();
    await rpc.auth.logout({}, as(session));
    const id = session.refreshToken.split('.')[0];
    const known = async () =>
      (await auth.dataSource.query('select 1 from sessoes_terminadas where sessao_id = $1', [id])).length;
    const aged = (days: number) =>
      auth.dataSource.query(
        'update sessoes_terminadas set em = now() - make_interval(days => $2) where sessao_id = $1',
        [id, days],
      );
    const forget = () => limpezaDeSessoes(auth.dataSource)(1_000, () => undefined);
    await aged(89);
    await forget();
    expect(await known()).toBe(1);
    await aged(91);
    await forget();
    expect(await known()).toBe(0);
  });
});
