import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { MetodoLogin } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

const OVER = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };
const NOT_FOUND = { code: Code.NotFound, motivo: 'SESSAO_NAO_ENCONTRADA' };

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A call by HTTP, of a browser behind a proxy that is trusted: a gRPC client writes its own name over the device. */
async function browser(method: string, body: object, endereco: string, dispositivo: string): Promise<Tokens> {
  const response = await fetch(`http://127.0.0.1:${auth.httpPort}/auth.v1.AuthService/${method}`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'x-forwarded-for': endereco, 'user-agent': dispositivo },
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

const idOf = ({ refreshToken }: { refreshToken: string }) => refreshToken.split('.')[0] ?? '';

const listOf = async (session: { accessToken: string }) =>
  (await rpc.auth.listSessions({}, as(session))).sessoes;

const announced = async (sessaoId: string) => {
  const [{ n }] = await auth.dataSource.query(
    `select count(*)::int as n from outbox where assunto = 'auth.v1.SessaoEncerrada' and agregado_id = $1`,
    [sessaoId],
  );
  return n;
};

const noticesTo = (usuarioId: string) =>
  auth.dataSource.query(
    `select payload->>'tipo' as tipo from outbox
      where assunto = 'auth.v1.AvisoDeSeguranca' and payload->>'usuarioId' = $1`,
    [usuarioId],
  );

describe('the list of sessions', () => {
  it('shows device, address, times and which one asks, last used first (ASVS 7.5.2)', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const { email, password } = quem;
    const first = await browser('Login', { email, password }, '198.51.100.7', 'Firefox/140');
    const em = Math.floor(clock.now().getTime() / 1_000) * 1_000;
    clock.advance(1_000);
    const second = await browser('Login', { email, password }, '2001:db8::1', 'App/2');
    clock.advance(1_000);
    await browser('Refresh', { refreshToken: first.refreshToken }, '203.0.113.9', 'Firefox/141');
    const sessoes = await listOf(second);
    const times = sessoes.map(({ criadoEm, usadoEm, expiraEm }) =>
      [criadoEm, usadoEm, expiraEm].map((at) => at && timestampDate(at).getTime() - em),
    );
    expect(sessoes).toMatchObject([
      {
        id: idOf(first),
        dispositivo: 'Firefox/141',
        dispositivoNome: 'Firefox',
        metodos: [MetodoLogin.SENHA],
        ip: '203.0.113.9',
        atual: false,
      },
      {
        id: idOf(second),
        dispositivo: 'App/2',
        dispositivoNome: 'Dispositivo desconhecido',
        metodos: [MetodoLogin.SENHA],
        ip: '2001:db8:0:0::/64',
        atual: true,
      },
    ]);
    const month = 30 * 24 * 3_600_000;
    expect(times).toEqual([
      [0, 2_000, month + 2_000],
      [1_000, 1_000, month + 1_000],
    ]);
  });

  it('is of the caller alone, and needs one', async () => {
    const [mine, other] = [await newSession(), await newSession()];
    expect((await listOf(mine)).map(({ id }) => id)).toEqual([idOf(mine)]);
    expect((await listOf(other)).map(({ id }) => id)).toEqual([idOf(other)]);
    expect((await failure(rpc.auth.listSessions({}))).motivo).toBe('NAO_AUTENTICADO');
  });

  it('leaves out sessions that the account has ended', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await rpc.auth.login(quem);
    const admin = await rpc.auth.login(ADMIN);
    await rpc.users.updateUser({ usuarioId: id, ativo: false }, as(admin));
    await rpc.users.updateUser({ usuarioId: id, ativo: true, password: ADMIN.password }, as(admin));
    const now = await rpc.auth.login(quem);
    expect((await listOf(now)).map(({ id }) => id)).toEqual([idOf(now)]);
  });

  it('has fifty at most: one more login ends the session that was used longest ago (ASVS 7.1.2)', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const oldest = await rpc.auth.login(quem);
    let newest = oldest;
    for (let turn = 0; turn < 50; turn += 1) {
      clock.advance(1_000);
      newest = await rpc.auth.login(quem);
    }
    const sessoes = await listOf(newest);
    expect(sessoes).toHaveLength(50);
    expect(sessoes.map(({ id }) => id)).not.toContain(idOf(oldest));
    expect(await failure(rpc.users.getMe({}, as(oldest)))).toEqual(OVER);
    expect((await failure(rpc.auth.refresh({ refreshToken: oldest.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
  }, 60_000);
});

describe('a session that its owner revokes', () => {
  it('is over: no refresh, no access token, not in the list, and told to all services once (ASVS 7.4.1)', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const [lost, mine] = [await rpc.auth.login(quem), await rpc.auth.login(quem)];
    const revoke = () => rpc.auth.revokeSession({ sessionId: idOf(lost) }, as(mine));
    await revoke();
    expect(await failure(rpc.users.getMe({}, as(lost)))).toEqual(OVER);
    expect((await failure(rpc.auth.refresh({ refreshToken: lost.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    expect((await listOf(mine)).map(({ id }) => id)).toEqual([idOf(mine)]);
    await revoke();
    expect(await announced(idOf(lost))).toBe(1);
    await rpc.auth.refresh({ refreshToken: mine.refreshToken });
  });

  it('may be the one that asks', async () => {
    const mine = await newSession();
    await rpc.auth.revokeSession({ sessionId: idOf(mine) }, as(mine));
    expect(await failure(listOf(mine))).toEqual(OVER);
  });

  it('is revoked again under the same key without an error, also when the first attempt was cut off', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const [lost, mine] = [await rpc.auth.login(quem), await rpc.auth.login(quem)];
    const headers = { ...as(mine).headers, 'idempotency-key': `revogar-${idOf(lost)}` };
    const revoke = () => rpc.auth.revokeSession({ sessionId: idOf(lost) }, { headers });
    await auth.dataSource.query('alter table sessoes_revogadas rename to sessoes_revogadas_fora');
    expect((await failure(revoke())).motivo).not.toBe('SESSAO_NAO_ENCONTRADA');
    await auth.dataSource.query('alter table sessoes_revogadas_fora rename to sessoes_revogadas');
    expect(await announced(idOf(lost))).toBe(0);
    await revoke();
    await revoke();
    expect(await announced(idOf(lost))).toBe(1);
    expect(await failure(rpc.users.getMe({}, as(lost)))).toEqual(OVER);
  });

  it.each(['of another person', 'that never was'])(
    'is not found when it is one %s (ASVS 8.2.2)',
    async (which) => {
      const [mine, other] = [await newSession(), await newSession()];
      const sessionId = which === 'that never was' ? 'nenhuma' : idOf(other);
      expect(await failure(rpc.auth.revokeSession({ sessionId }, as(mine)))).toEqual(NOT_FOUND);
      await rpc.users.getMe({}, as(other));
    },
  );

  it('needs a caller', async () => {
    expect((await failure(rpc.auth.revokeSession({ sessionId: 'x' }))).motivo).toBe('NAO_AUTENTICADO');
  });
});

describe('a refresh token that comes a second time', () => {
  it('ends the access tokens of its session, too, and is told to all services and to its owner once (ASVS 10.4.5)', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const first = await rpc.auth.login(quem);
    const second = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    const third = await rpc.auth.refresh({ refreshToken: second.refreshToken });
    const again = () => failure(rpc.auth.refresh({ refreshToken: first.refreshToken }));
    expect((await again()).motivo).toBe('TOKEN_RENOVACAO_REUTILIZADO');
    for (const session of [first, second, third])
      expect(await failure(rpc.users.getMe({}, as(session)))).toEqual(OVER);
    await again();
    expect(await announced(idOf(first))).toBe(1);
    expect(await noticesTo((await rpc.users.getMe({}, as(await rpc.auth.login(quem)))).id)).toEqual([
      { tipo: 'TIPO_AVISO_SEGURANCA_SESSOES_ENCERRADAS_POR_REUSO' },
    ]);
  });

  it('ends them also when the first attempt was cut off before it was told', async () => {
    const first = await newSession();
    const second = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    await rpc.auth.refresh({ refreshToken: second.refreshToken });
    await auth.dataSource.query('alter table sessoes_revogadas rename to sessoes_revogadas_fora');
    const again = () => failure(rpc.auth.refresh({ refreshToken: first.refreshToken }));
    expect((await again()).motivo).not.toMatch(/^TOKEN_/);
    await auth.dataSource.query('alter table sessoes_revogadas_fora rename to sessoes_revogadas');
    expect((await again()).motivo).toBe('TOKEN_RENOVACAO_REUTILIZADO');
    expect(await announced(idOf(first))).toBe(1);
    expect(await failure(rpc.users.getMe({}, as(second)))).toEqual(OVER);
  });
});
