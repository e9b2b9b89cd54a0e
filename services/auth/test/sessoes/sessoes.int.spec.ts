import { createHash } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose';
import { ISSUER } from '../support/auth-under-test.ts';
import { watchHashes } from '../support/hash-work.ts';
import { ADMIN, as, failure, pessoa, SECRET, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc, newSession } = useAuth({ clock });

describe('login', () => {
  it('answers a token that the published key verifies', async () => {
    const { accessToken, expiresIn, tokenType } = await newSession();
    const { keys } = (await (
      await fetch(`http://127.0.0.1:${auth.httpPort}/.well-known/jwks.json`)
    ).json()) as { keys: [JWK] };
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: keys[0].kid });
    const { payload } = await jwtVerify(accessToken, await importJWK(keys[0]), {
      issuer: ISSUER,
      audience: 'plataforma-reservas',
    });
    expect(payload).toMatchObject({
      papeis: ['CLIENTE'],
      tipo: 'acesso',
      sub: expect.stringMatching(/^cli_/),
    });
    const [from, until] = [Number(payload.nbf), Number(payload.exp)].map((at) => at - Number(payload.iat));
    expect({ expiresIn, tokenType, from, until }).toEqual({
      expiresIn: 600,
      tokenType: 'Bearer',
      // Kong allows no difference of clocks.
      from: -10,
      until: 600,
    });
  });

  it('says in the token which session it is of, and when and how its owner has proved who they are, also later', async () => {
    const { accessToken, refreshToken } = await newSession();
    const em = Math.floor(clock.now().getTime() / 1_000);
    clock.advance(2_000);
    const renewed = await rpc.auth.refresh({ refreshToken });
    for (const token of [accessToken, renewed.accessToken])
      expect(decodeJwt(token)).toMatchObject({
        sid: refreshToken.split('.')[0],
        auth_time: em,
        amr: ['pwd'],
      });
  });

  it('publishes no private part of a key', async () => {
    const answer = await fetch(`http://127.0.0.1:${auth.httpPort}/.well-known/jwks.json`);
    // A key that is taken back has to go soon.
    expect(answer.headers.get('cache-control')).toBe('public, max-age=5');
    const text = await answer.text();
    expect(Object.keys(JSON.parse(text).keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('says the same for an unknown e-mail and a wrong password', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const wrong = await failure(rpc.auth.login({ ...quem, password: 'outra senha' }));
    const unknown = await failure(rpc.auth.login({ email: 'ninguem@exemplo.com', password: 'outra senha' }));
    expect(wrong).toEqual({ code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' });
    expect(unknown).toEqual(wrong);
  });

  it('costs two hashes for every address, whether it has an account, has none or is suspended', async () => {
    const [quem, suspenso] = [pessoa(), pessoa()];
    await rpc.auth.signup(quem);
    const { id } = await rpc.auth.signup(suspenso);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    const work = watchHashes();
    const costs = [];
    for (const { email } of [quem, suspenso, { email: 'ninguem@exemplo.com' }])
      costs.push(await work.during(() => failure(rpc.auth.login({ email, password: 'outra senha' }))));
    work.stop();
    expect(costs).toEqual([2, 2, 2]);
  });

  it('gives the first administrator the role ADMIN', async () => {
    const me = await rpc.users.getMe({}, as(await rpc.auth.login(ADMIN)));
    expect(me).toMatchObject({ nome: 'Administração', email: 'admin@exemplo.com' });
  });
});

describe('access to an RPC that needs a token', () => {
  it.each([
    ['without one', undefined, 'NAO_AUTENTICADO'],
    ['with a forged one', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJjbGlfMSJ9.', 'TOKEN_INVALIDO'],
  ])('is refused %s', async (_, authorization, motivo) => {
    const headers = new Headers(authorization ? { authorization } : undefined);
    await expect(failure(rpc.users.getMe({}, { headers }))).resolves.toEqual({
      code: Code.Unauthenticated,
      motivo,
    });
  });
});

describe('refresh', () => {
  it('trades the token for a new pair of the same session', async () => {
    const first = await newSession();
    const second = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(rpc.auth.refresh({ refreshToken: second.refreshToken })).resolves.toMatchObject({
      tokenType: 'Bearer',
    });
  });

  it('gives ten concurrent refreshes of one token the same successor', async () => {
    const { refreshToken } = await newSession();
    const answers = await Promise.all(Array.from({ length: 10 }, () => rpc.auth.refresh({ refreshToken })));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
  });

  it('ends the whole session when a used token comes back after the grace period', async () => {
    const first = await newSession();
    const second = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    clock.advance(31_000);
    await expect(failure(rpc.auth.refresh({ refreshToken: first.refreshToken }))).resolves.toMatchObject({
      motivo: 'TOKEN_RENOVACAO_REUTILIZADO',
    });
    await expect(failure(rpc.auth.refresh({ refreshToken: second.refreshToken }))).resolves.toMatchObject({
      motivo: 'TOKEN_RENOVACAO_INVALIDO',
    });
  });

  it('gives an answer that was lost once more, well after the deadline of the call it was for', async () => {
    const first = await newSession();
    const lost = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    clock.advance(20_000);
    const again = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    expect(again.refreshToken).toBe(lost.refreshToken);
  });

  it('takes the token before for stolen as soon as its successor has been used', async () => {
    const first = await newSession();
    const second = await rpc.auth.refresh({ refreshToken: first.refreshToken });
    await rpc.auth.refresh({ refreshToken: second.refreshToken });
    expect(await failure(rpc.auth.refresh({ refreshToken: first.refreshToken }))).toMatchObject({
      motivo: 'TOKEN_RENOVACAO_REUTILIZADO',
    });
  });

  it('takes any earlier token of the session for stolen, however old', async () => {
    const first = await newSession();
    let { refreshToken } = first;
    for (let turn = 0; turn < 5; turn++) ({ refreshToken } = await rpc.auth.refresh({ refreshToken }));
    expect((await failure(rpc.auth.refresh({ refreshToken: first.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_REUTILIZADO',
    );
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
  });

  it('refuses what nobody gave out and leaves the session that it names alone', async () => {
    const { refreshToken } = await newSession();
    const [sessao, segredo = '', prova = ''] = refreshToken.split('.');
    const madeUp = [
      'nada',
      `${sessao}.${'A'.repeat(43)}`,
      `${sessao}.${'A'.repeat(43)}.${'A'.repeat(22)}`,
      `${sessao}.${'A'.repeat(43)}.${prova}`,
      `${sessao}.${segredo}`,
      `${sessao}.${segredo}.${'A'.repeat(22)}`,
    ];
    for (const foreign of madeUp)
      expect((await failure(rpc.auth.refresh({ refreshToken: foreign }))).motivo).toBe(
        'TOKEN_RENOVACAO_INVALIDO',
      );
    await rpc.auth.refresh({ refreshToken });
  });

  it('renews a session from before tokens carried a proof of their origin, and then needs the proof', async () => {
    const { refreshToken, accessToken } = await newSession();
    const [sessao = ''] = refreshToken.split('.');
    const old = `${sessao}.${'b'.repeat(43)}`;
    const digest = createHash('sha256').update(old).digest('base64url');
    await auth.redis.hset(`sessao:${sessao}`, 'atual', digest);
    const since = decodeJwt(accessToken).auth_time;
    await auth.redis.hdel(`sessao:${sessao}`, 'geracao', 'criadoEm', 'metodos', 'endereco', 'dispositivo');
    const renewed = await rpc.auth.refresh({ refreshToken: old });
    expect(decodeJwt(renewed.accessToken)).toMatchObject({ auth_time: since, amr: ['pwd'] });
    expect(renewed.refreshToken.split('.')).toHaveLength(3);
    await rpc.auth.refresh({ refreshToken: renewed.refreshToken });
  });

  it('logs nobody out while the database is away, however long', async () => {
    const { refreshToken } = await newSession();
    await auth.dataSource.query('alter table usuarios rename to usuarios_fora');
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).not.toMatch(/^TOKEN_/);
    clock.advance(45_000);
    await auth.dataSource.query('alter table usuarios_fora rename to usuarios');
    await rpc.auth.refresh({ refreshToken });
  });

  it('gives nothing when the session ended while it looked the account up', async () => {
    const { refreshToken, accessToken } = await newSession();
    const barrier = stopAt(/from usuarios/);
    const renewed = failure(rpc.auth.refresh({ refreshToken }));
    await barrier.reached();
    await rpc.auth.logout({ refreshToken }, as({ accessToken }));
    barrier.open();
    expect(await renewed).toEqual({ code: Code.Unauthenticated, motivo: 'TOKEN_RENOVACAO_INVALIDO' });
  });

  it('is over after a logout, which may be repeated from another session', async () => {
    const [{ refreshToken }, other] = [await newSession(), await newSession()];
    await rpc.auth.logout({ refreshToken }, as(other));
    await rpc.auth.logout({ refreshToken }, as(other));
    await expect(failure(rpc.auth.refresh({ refreshToken }))).resolves.toMatchObject({
      motivo: 'TOKEN_RENOVACAO_INVALIDO',
    });
  });
});

describe('logout', () => {
  it('makes the access token void at once, for reads and for changes', async () => {
    const session = await newSession();
    await rpc.users.getMe({}, as(session));
    await rpc.auth.logout({}, as(session));
    const over = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };
    expect(await failure(rpc.users.getMe({}, as(session)))).toEqual(over);
    expect(await failure(rpc.auth.resendVerification({}, as(session)))).toEqual(over);
  });

  it('ends the session of the access token when no refresh token is given', async () => {
    const { refreshToken, accessToken } = await newSession();
    await rpc.auth.logout({}, as({ accessToken }));
    await expect(failure(rpc.auth.refresh({ refreshToken }))).resolves.toMatchObject({
      motivo: 'TOKEN_RENOVACAO_INVALIDO',
    });
  });

  it('ends the session of the refresh token that is given, and not the one it is asked in', async () => {
    const [mine, given] = [await newSession(), await newSession()];
    const headers = { authorization: `Bearer ${mine.accessToken}` };
    await rpc.auth.logout({ refreshToken: given.refreshToken }, { headers });
    expect((await failure(rpc.auth.refresh({ refreshToken: given.refreshToken }))).motivo).toBe(
      'TOKEN_RENOVACAO_INVALIDO',
    );
    await rpc.auth.refresh({ refreshToken: mine.refreshToken });
  });

  it('needs a token', async () => {
    await expect(failure(rpc.auth.logout({}))).resolves.toMatchObject({ motivo: 'NAO_AUTENTICADO' });
  });
});

describe('answers with tokens', () => {
  it('are kept by nobody on the way, on whichever wire', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const seen: (string | null)[] = [];
    const onHeader = (header: Headers) => void seen.push(header.get('cache-control'));
    const { refreshToken } = await rpc.auth.login(quem, { onHeader });
    await rpc.auth.refresh({ refreshToken }, { onHeader });
    const service = { servico: 'reservas', segredo: SECRET, audiencia: 'pagamentos' };
    await rpc.tokens.issueServiceToken(service, { onHeader });
    const { email, password } = quem;
    const connect = await fetch(`http://127.0.0.1:${auth.httpPort}/auth.v1.AuthService/Login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    seen.push(connect.headers.get('cache-control'));
    expect(seen).toEqual(['no-store', 'no-store', 'no-store', 'no-store']);
    expect(connect.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
