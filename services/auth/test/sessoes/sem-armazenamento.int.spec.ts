import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { createDataSource } from '@plataforma/runtime/postgres';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
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
