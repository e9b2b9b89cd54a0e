import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

const OVER = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };

const idOf = ({ refreshToken }: { refreshToken: string }) => refreshToken.split('.')[0] ?? '';

type Session = Awaited<ReturnType<typeof newSession>>;

/** Sessions of one person, as many as asked for. */
async function sessions(n: number): Promise<[Session, ...Session[]]> {
  const quem = pessoa();
  await rpc.auth.signup(quem);
  const login = () => rpc.auth.login(quem);
  const first = await login();
  const others: Session[] = [];
  while (others.length < n - 1) others.push(await login());
  return [first, ...others];
}

const openTo = async (session: Session) =>
  (await rpc.auth.listSessions({}, as(session))).sessoes.map(({ id }) => id);

/** How often the end of each was announced to all services, and recorded. */
async function told(of: readonly Session[]) {
  const ids = of.map(idOf);
  const [{ anunciadas }] = await auth.dataSource.query(
    `select count(*)::int as anunciadas from outbox
      where assunto = 'auth.v1.SessaoEncerrada' and agregado_id = any($1)`,
    [ids],
  );
  const [{ registradas }] = await auth.dataSource.query(
    `select count(*)::int as registradas from eventos_seguranca
      where tipo = 'SESSAO_ENCERRADA' and resultado = 'FEITO' and detalhe = any($1) and autor_id = usuario_id`,
    [ids],
  );
  return { anunciadas, registradas };
}

async function expectOver(session: Session) {
  expect(await failure(rpc.users.getMe({}, as(session)))).toEqual(OVER);
  const { refreshToken } = session;
  expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
}

/** What one transaction writes cannot be written meanwhile. */
async function without(table: string, work: () => Promise<unknown>) {
  await auth.dataSource.query(`alter table ${table} rename to ${table}_fora`);
  await work().finally(() => auth.dataSource.query(`alter table ${table}_fora rename to ${table}`));
}

describe('all other sessions that their owner ends at once', () => {
  it('are over, each told to all services and recorded once, and the one that asks goes on (ASVS 7.5.2)', async () => {
    const [mine, ...others] = await sessions(4);
    expect(await rpc.auth.revokeOtherSessions({}, as(mine))).toMatchObject({ encerradas: 3 });
    for (const other of others) await expectOver(other);
    expect(await openTo(mine)).toEqual([idOf(mine)]);
    expect(await told(others)).toEqual({ anunciadas: 3, registradas: 3 });
    await rpc.auth.refresh({ refreshToken: mine.refreshToken });
  });

  it('are none the second time', async () => {
    const [mine, other] = await sessions(2);
    await rpc.auth.revokeOtherSessions({}, as(mine));
    expect(await rpc.auth.revokeOtherSessions({}, as(mine))).toMatchObject({ encerradas: 0 });
    expect(await told([other as Session])).toEqual({ anunciadas: 1, registradas: 1 });
  });

  it('are of the caller alone, and need one', async () => {
    const [mine, stranger] = [await newSession(), await newSession()];
    await rpc.auth.revokeOtherSessions({}, as(mine));
    await rpc.users.getMe({}, as(stranger));
    expect((await failure(rpc.auth.revokeOtherSessions({}))).motivo).toBe('NAO_AUTENTICADO');
  });

  it('are ended once by calls at once', async () => {
    const [mine, ...others] = await sessions(4);
    await Promise.all([1, 2, 3].map(() => rpc.auth.revokeOtherSessions({}, as(mine))));
    for (const other of others) await expectOver(other);
    expect(await told(others)).toEqual({ anunciadas: 3, registradas: 3 });
  });

  it('under one key leave alone what was opened since, and count the same', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const [mine] = [await rpc.auth.login(quem), await rpc.auth.login(quem)];
    const headers = { ...as(mine).headers, 'idempotency-key': `outras-${idOf(mine)}` };
    const revoke = () => rpc.auth.revokeOtherSessions({}, { headers });
    expect(await revoke()).toMatchObject({ encerradas: 1 });
    const later = await rpc.auth.login(quem);
    expect(await revoke()).toMatchObject({ encerradas: 1 });
    expect((await openTo(mine)).sort()).toEqual([idOf(mine), idOf(later)].sort());
  });

  it('end by another attempt when the first one was cut off before they were announced', async () => {
    const [mine, ...others] = await sessions(3);
    await without('sessoes_revogadas', () => failure(rpc.auth.revokeOtherSessions({}, as(mine))));
    expect(await told(others)).toEqual({ anunciadas: 0, registradas: 0 });
    expect(await rpc.auth.revokeOtherSessions({}, as(mine))).toMatchObject({ encerradas: 2 });
    for (const other of others) await expectOver(other);
  });

  it('end by another attempt when the first one was cut off behind that', async () => {
    const [mine, ...others] = await sessions(3);
    const headers = { ...as(mine).headers, 'idempotency-key': `cortada-${idOf(mine)}` };
    await auth.redis.call('ACL', 'SETUSER', 'default', '-hsetnx');
    await failure(rpc.auth.revokeOtherSessions({}, { headers })).finally(() =>
      auth.redis.call('ACL', 'SETUSER', 'default', '+hsetnx'),
    );
    expect(await told(others)).toEqual({ anunciadas: 2, registradas: 2 });
    expect(await rpc.auth.revokeOtherSessions({}, { headers })).toMatchObject({ encerradas: 2 });
    for (const other of others) await expectOver(other);
    expect(await told(others)).toEqual({ anunciadas: 2, registradas: 2 });
  });
});
