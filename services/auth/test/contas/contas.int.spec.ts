import { createHash } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeProtectedHeader, importJWK, type JWK, jwtVerify } from 'jose';
import { type AuthUnderTest, esperandoContas, ISSUER, prenderContas, startAuth } from '../support/auth-under-test.ts';
import { watchHashes } from '../support/hash-work.ts';

const DAY_MS = 24 * 3_600_000;
const SECRET = 'segredo-do-servico-reservas';
/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());

let auth: AuthUnderTest;
let rpc: ReturnType<typeof clients>;

function clients(port: number) {
  const options = { address: `127.0.0.1:${port}`, timeoutMs: 5_000 };
  return {
    auth: createGrpcClient(AuthService, options),
    tokens: createGrpcClient(ServiceTokensService, options),
    users: createGrpcClient(UsersService, options),
  };
}

beforeAll(async () => {
  auth = await startAuth({
    clock,
    serviceClients: [`reservas:${createHash('sha256').update(SECRET).digest('hex')}:pagamentos`],
    admin: { email: 'admin@exemplo.com', senha: 'uma senha de admin' },
  });
  rpc = clients(auth.grpcPort);
});

afterAll(async () => {
  for (const client of Object.values(rpc ?? {})) client.close();
  await auth?.stop();
});

let counter = 0;
const pessoa = () => ({ nome: 'Ana Souza', email: `Ana.${++counter}@Exemplo.com`, password: 'Senha@123' });

async function failure(call: Promise<unknown>): Promise<{ code: Code; motivo: string | undefined }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  if (!error) throw new Error('the call was expected to fail');
  return { code: error.code, motivo: motivoDe(error) };
}

async function newSession() {
  const quem = pessoa();
  await rpc.auth.signup(quem);
  return rpc.auth.login(quem);
}

describe('sign-up', () => {
  it('answers the account and announces it', async () => {
    const usuario = await rpc.auth.signup(pessoa());
    expect(usuario).toMatchObject({ nome: 'Ana Souza', email: `ana.${counter}@exemplo.com`, ativo: true });
    expect(usuario.id).toMatch(/^cli_/);
    const events = await auth.dataSource.query('select assunto, payload from outbox where agregado_id = $1', [
      usuario.id,
    ]);
    expect(events).toEqual([
      {
        assunto: 'auth.v1.UsuarioRegistrado',
        payload: expect.objectContaining({ usuarioId: usuario.id, email: usuario.email }),
      },
    ]);
  });

  it('keeps an argon2id hash and nothing of the password', async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const [row] = await auth.dataSource.query(
      'select senha_hash, row_to_json(usuarios)::text as tudo from usuarios where id = $1',
      [id],
    );
    expect(row.senha_hash).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2|^\$argon2id\$v=19\$m=19456,t=2,p=1/);
    expect(row.tudo).not.toContain('Senha@123');
  });

  it('answers the same account to the same sign-up with the same key, also when ten come at once', async () => {
    const quem = pessoa();
    const keyed = { headers: { 'idempotency-key': `cadastro-${counter}` } };
    const once = await Promise.all(Array.from({ length: 10 }, () => rpc.auth.signup(quem, keyed)));
    const again = { ...quem, nome: ' Ana  Souza', email: quem.email.toUpperCase() };
    let replayed: string | null = null;
    const later = await rpc.auth.signup(again, {
      ...keyed,
      onHeader: (header) => {
        replayed = header.get('idempotency-replayed');
      },
    });
    expect(new Set([...once, later].map(({ id }) => id)).size).toBe(1);
    expect(replayed).toBe('true');
    const [row] = await auth.dataSource.query(
      'select count(*)::int as n from outbox where agregado_id = $1',
      [later.id],
    );
    expect(row).toEqual({ n: 1 });
  });

  it.each([
    ['without the key', {}, undefined],
    ['with another key', {}, 'outra'],
    ['with another password', { password: 'Senha@124' }, 'chave'],
    ['with another name', { nome: 'Bia Souza' }, 'chave'],
  ])('tells who repeats it %s no more than that the address is taken', async (_, changed, chave) => {
    const quem = pessoa();
    const of = (key: string | undefined) => ({
      headers: new Headers(key === undefined ? {} : { 'idempotency-key': `${key}-${quem.email}` }),
    });
    await rpc.auth.signup(quem, of('chave'));
    expect(await failure(rpc.auth.signup({ ...quem, ...changed }, of(chave)))).toEqual({
      code: Code.AlreadyExists,
      motivo: 'EMAIL_JA_CADASTRADO',
    });
  });

  it('repeats no answer after a day, nor that of an account that was suspended', async () => {
    const quem = pessoa();
    const keyed = { headers: { 'idempotency-key': `dia-${counter}` } };
    const { id } = await rpc.auth.signup(quem, keyed);
    const refused = { code: Code.AlreadyExists, motivo: 'EMAIL_JA_CADASTRADO' };
    const aged = (ms: number) =>
      auth.dataSource.query('update usuarios set criado_em = $2 where id = $1', [
        id,
        new Date(clock.now().getTime() - ms),
      ]);
    await aged(DAY_MS);
    expect((await rpc.auth.signup(quem, keyed)).id).toBe(id);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    expect(await failure(rpc.auth.signup(quem, keyed))).toEqual(refused);
    await auth.dataSource.query('update usuarios set ativo = true where id = $1', [id]);
    await aged(DAY_MS + 1);
    expect(await failure(rpc.auth.signup(quem, keyed))).toEqual(refused);
  });

  it('says that it repeats an answer only when it does, for the cost of one hash', async () => {
    const quem = pessoa();
    const seen: (string | null)[] = [];
    const keyed = {
      headers: { 'idempotency-key': `custo-${counter}` },
      onHeader: (header: Headers) => void seen.push(header.get('idempotency-replayed')),
    };
    const work = watchHashes();
    const costs = [];
    for (const _ of [1, 2]) costs.push(await work.during(() => rpc.auth.signup(quem, keyed)));
    work.stop();
    expect([costs, seen]).toEqual([
      [1, 1],
      [null, 'true'],
    ]);
  });

  it('passes over ids that are taken, four of them and no more', async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const next = (by: number) => `cli_${String(Number(id.slice(4)) + by).padStart(8, '0')}`;
    const take = (by: number) =>
      auth.dataSource.query(
        `insert into usuarios (id, nome, email, senha_hash, papeis, ativo, versao, criado_em, atualizado_em)
         select $2, nome, $3, senha_hash, papeis, false, 1, criado_em, atualizado_em from usuarios where id = $1`,
        [id, next(by), `${next(by)}@exemplo.com`],
      );
    for (const by of [1, 2, 3, 4]) await take(by);
    expect((await rpc.auth.signup(pessoa())).id).toBe(next(5));
    for (const by of [6, 7, 8, 9, 10]) await take(by);
    expect((await failure(rpc.auth.signup(pessoa()))).code).toBe(Code.Internal);
    expect((await rpc.auth.signup(pessoa())).id).toBe(next(11));
  });

  it('refuses a key that cannot be kept', async () => {
    const keyed = { headers: { 'idempotency-key': 'a b' } };
    expect((await failure(rpc.auth.signup(pessoa(), keyed))).motivo).toBe('REQUISICAO_INVALIDA');
  });

  it('refuses an e-mail that is taken, also in another case, and when ten come at once', async () => {
    const quem = pessoa();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => rpc.auth.signup(quem)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(failure(rpc.auth.signup({ ...quem, email: quem.email.toUpperCase() }))).resolves.toEqual({
      code: Code.AlreadyExists,
      motivo: 'EMAIL_JA_CADASTRADO',
    });
  });

  it.each([
    ['a weak password', { password: 'password1' }, 'SENHA_FRACA'],
    ['a short password', { password: 'curta' }, 'REQUISICAO_INVALIDA'],
    ['something that is no e-mail', { email: 'ana' }, 'REQUISICAO_INVALIDA'],
    ['no name', { nome: '' }, 'REQUISICAO_INVALIDA'],
  ])('refuses %s', async (_, wrong, motivo) => {
    await expect(failure(rpc.auth.signup({ ...pessoa(), ...wrong }))).resolves.toEqual({
      code: Code.InvalidArgument,
      motivo,
    });
  });
});

describe('a name', () => {
  it.each([
    '   ',
    ' A ',
    '\u200b\u200b\u200b',
    'Ana\nBia',
    'Ana\u2028Bia',
    'Ana\u0007',
    '\u202eanA',
    '\u3164\u3164',
  ])('is refused with a reason at sign-up and update: %j', async (nome) => {
    const refused = { code: Code.InvalidArgument, motivo: 'REQUISICAO_INVALIDA' };
    expect(await failure(rpc.auth.signup({ ...pessoa(), nome }))).toEqual(refused);
    const { id: usuarioId } = await rpc.auth.signup(pessoa());
    const admin = { email: 'admin@exemplo.com', password: 'uma senha de admin' };
    const { accessToken } = await rpc.auth.login(admin);
    const headers = { authorization: `Bearer ${accessToken}` };
    expect(await failure(rpc.users.updateUser({ usuarioId, nome }, { headers }))).toEqual(refused);
  });

  it.each([
    ['  Ana \u00a0  Souza ', 'Ana Souza'],
    ['Jose\u0301 \u200bda Silva', 'José da Silva'],
    ['🙂'.repeat(120), '🙂'.repeat(120)],
  ])('is kept in one form: %j', async (nome, kept) => {
    expect((await rpc.auth.signup({ ...pessoa(), nome })).nome).toBe(kept);
  });

  it.each([
    'ana\u200b@exemplo.com',
    'anå@exemplo.com',
    'ana@exemplo.com ',
    'ana @exemplo.com',
    'аna@exemplo.com',
  ])('does not hide in an address: %j', async (email) => {
    expect((await failure(rpc.auth.signup({ ...pessoa(), email }))).motivo).toBe('REQUISICAO_INVALIDA');
  });
});

describe('verifying an address', () => {
  const sent = async (usuarioId: string) => {
    const events: { assunto: string; payload: { emailVerificado?: boolean; codigoVerificacao?: string } }[] =
      await auth.dataSource.query(
        'select assunto, payload from outbox where agregado_id = $1 order by posicao',
        [usuarioId],
      );
    return events;
  };

  it('takes the code that went out with the registration, also twice, and tells the others once', async () => {
    const { id, emailVerificado } = await rpc.auth.signup(pessoa());
    const [registered] = await sent(id);
    const codigo = registered?.payload.codigoVerificacao ?? '';
    expect([emailVerificado, registered?.payload.emailVerificado ?? false]).toEqual([false, false]);
    await rpc.auth.verifyEmail({ codigo });
    await rpc.auth.verifyEmail({ codigo });
    const events = await sent(id);
    expect(events.map(({ assunto }) => assunto)).toEqual([
      'auth.v1.UsuarioRegistrado',
      'auth.v1.UsuarioAtualizado',
    ]);
    expect(events[1]?.payload).toMatchObject({ emailVerificado: true, ativo: true });
  });

  it("refuses another account's code, a changed one, one for an earlier address and an old one", async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const outra = await rpc.auth.signup(pessoa());
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    const refused = { code: Code.InvalidArgument, motivo: 'CODIGO_EMAIL_INVALIDO' };
    const wrong = [
      codigo.replace(id, outra.id),
      `${codigo.slice(0, -1)}!`,
      'cli_x',
      codigo.replace(id, 'cli_x'),
    ];
    for (const codigo of wrong) expect(await failure(rpc.auth.verifyEmail({ codigo }))).toEqual(refused);
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      id,
      `novo.${id}@x.co`.toLowerCase(),
    ]);
    expect(await failure(rpc.auth.verifyEmail({ codigo }))).toEqual(refused);
  });

  it('has the code mailed once more, at most once a minute, until the address is verified', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    const { accessToken } = await rpc.auth.login(quem);
    const como = { headers: { authorization: `Bearer ${accessToken}` } };
    const cedo = { code: Code.ResourceExhausted, motivo: 'MUITAS_TENTATIVAS' };
    const depois = () =>
      auth.dataSource.query(
        `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
        [id],
      );
    expect(await failure(rpc.auth.resendVerification({}, como))).toEqual(cedo);
    await depois();
    const juntos = await Promise.allSettled([1, 2, 3].map(() => rpc.auth.resendVerification({}, como)));
    expect(juntos.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [, outra, ...mais] = await sent(id);
    expect(mais).toEqual([]);
    expect(outra?.payload.emailVerificado ?? false).toBe(false);
    await rpc.auth.verifyEmail({ codigo: outra?.payload.codigoVerificacao ?? '' });
    await rpc.auth.resendVerification({}, como);
    expect((await sent(id)).map(({ payload }) => Boolean(payload.codigoVerificacao))).toEqual([
      true,
      true,
      false,
    ]);
    expect((await failure(rpc.auth.resendVerification({}))).code).toBe(Code.Unauthenticated);
  });

  it('has others who change their accounts wait for nobody who makes a code up or asks too soon', async () => {
    const { accessToken } = await newSession();
    const como = { headers: { authorization: `Bearer ${accessToken}` } };
    const { id } = await rpc.users.getMe({}, como);
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    const lock = await prenderContas(auth.dataSource);
    try {
      const madeUp = rpc.auth.verifyEmail({ codigo: `${codigo.slice(0, -2)}xx` });
      expect((await failure(madeUp)).motivo).toBe('CODIGO_EMAIL_INVALIDO');
      expect((await failure(rpc.auth.resendVerification({}, como))).motivo).toBe('MUITAS_TENTATIVAS');
    } finally {
      await lock.release();
    }
  });

  it('goes by the account as it is when its turn comes', async () => {
    const { accessToken } = await newSession();
    const como = { headers: { authorization: `Bearer ${accessToken}` } };
    const { id } = await rpc.users.getMe({}, como);
    const codigo = (await sent(id))[0]?.payload.codigoVerificacao ?? '';
    await auth.dataSource.query(
      `update usuarios set atualizado_em = atualizado_em - interval '1 minute' where id = $1`,
      [id],
    );
    const lock = await prenderContas(auth.dataSource);
    const resent = Promise.allSettled([1, 2].map(() => rpc.auth.resendVerification({}, como)));
    await eventually(async () => expect(await esperandoContas(auth.dataSource)).toBe(2));
    const verified = failure(rpc.auth.verifyEmail({ codigo }));
    await eventually(async () => expect(await esperandoContas(auth.dataSource)).toBe(3));
    await auth.dataSource.query('update usuarios set email = $2 where id = $1', [
      id,
      `outro.${id}@x.co`.toLowerCase(),
    ]);
    await lock.release();
    expect((await resent).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await verified).motivo).toBe('CODIGO_EMAIL_INVALIDO');
    expect(await sent(id)).toHaveLength(2);
  });

  it('asks nothing of the first administrator, whose address the operator wrote down', async () => {
    const [admin] = await auth.dataSource.query(
      `select email_verificado from usuarios where email = 'admin@exemplo.com'`,
    );
    expect(admin).toEqual({ email_verificado: true });
  });
});

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

  it('publishes no private part of a key', async () => {
    const answer = await fetch(`http://127.0.0.1:${auth.httpPort}/.well-known/jwks.json`);
    // A key that is taken back has to go soon.
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
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

  it('costs one hash for every address, whether it has an account, has none or is suspended', async () => {
    const [quem, suspenso] = [pessoa(), pessoa()];
    await rpc.auth.signup(quem);
    const { id } = await rpc.auth.signup(suspenso);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    const work = watchHashes();
    const costs = [];
    for (const { email } of [quem, suspenso, { email: 'ninguem@exemplo.com' }])
      costs.push(await work.during(() => failure(rpc.auth.login({ email, password: 'outra senha' }))));
    work.stop();
    expect(costs).toEqual([1, 1, 1]);
  });

  it('gives the first administrator the role ADMIN', async () => {
    const { accessToken } = await rpc.auth.login({
      email: 'admin@exemplo.com',
      password: 'uma senha de admin',
    });
    const me = await rpc.users.getMe({}, { headers: { authorization: `Bearer ${accessToken}` } });
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

  it('is refused for what this version does not do yet, clearly', async () => {
    const { accessToken } = await newSession();
    const headers = { authorization: `Bearer ${accessToken}` };
    await expect(failure(rpc.auth.setupMfa({}, { headers }))).resolves.toEqual({
      code: Code.Unimplemented,
      motivo: 'NAO_IMPLEMENTADO',
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
    const [sessao, segredo = '', prova = ''] = refreshToken.split('..');
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
    const { refreshToken } = await newSession();
    const [sessao = ''] = refreshToken.split('..');
    const old = `${sessao}.${'b'.repeat(43)}`;
    const digest = createHash('sha256').update(old).digest('base64url');
    await auth.redis.hset(`sessao:${sessao}`, 'atual', digest);
    await auth.redis.hdel(`sessao:${sessao}`, 'geracao');
    const renewed = await rpc.auth.refresh({ refreshToken: old });
    expect(renewed.refreshToken.split('..')).toHaveLength(3);
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
    await rpc.auth.logout({ refreshToken }, { headers: { authorization: `Bearer ${accessToken}` } });
    barrier.open();
    expect(await renewed).toEqual({ code: Code.Unauthenticated, motivo: 'TOKEN_RENOVACAO_INVALIDO' });
  });

  it('is over after a logout, which may be repeated', async () => {
    const { refreshToken, accessToken } = await newSession();
    const headers = { authorization: `Bearer ${accessToken}` };
    await rpc.auth.logout({ refreshToken }, { headers });
    await rpc.auth.logout({ refreshToken }, { headers });
    await expect(failure(rpc.auth.refresh({ refreshToken }))).resolves.toMatchObject({
      motivo: 'TOKEN_RENOVACAO_INVALIDO',
    });
  });
});

describe('logout', () => {
  it('ends the session of the access token when no refresh token is given', async () => {
    const { refreshToken, accessToken } = await newSession();
    await rpc.auth.logout({}, { headers: { authorization: `Bearer ${accessToken}` } });
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

describe('service tokens', () => {
  it('are bound to the audience asked for', async () => {
    const { accessToken, expiresIn } = await rpc.tokens.issueServiceToken({
      servico: 'reservas',
      segredo: SECRET,
      audiencia: 'pagamentos',
    });
    const claims = JSON.parse(Buffer.from(accessToken.split('..')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'pagamentos', sub: 'reservas', tipo: 'servico', papeis: [] });
    expect(expiresIn).toBe(300);
  });

  it('are refused to an unknown service, a wrong secret and an audience that is not allowed', async () => {
    const ask = (servico: string, segredo: string, audiencia: string) =>
      failure(rpc.tokens.issueServiceToken({ servico, segredo, audiencia }));
    await expect(ask('outro', SECRET, 'pagamentos')).resolves.toEqual({
      code: Code.Unauthenticated,
      motivo: 'SERVICO_DESCONHECIDO',
    });
    await expect(ask('reservas', 'errado', 'pagamentos')).resolves.toEqual({
      code: Code.Unauthenticated,
      motivo: 'SERVICO_DESCONHECIDO',
    });
    await expect(ask('reservas', SECRET, 'auth')).resolves.toEqual({
      code: Code.PermissionDenied,
      motivo: 'AUDIENCIA_NAO_PERMITIDA',
    });
  });
});

describe('signing keys', () => {
  it('are the same for a second replica and readable with the right master key only', async () => {
    const [row] = await auth.dataSource.query('select count(*)::int as keys from chaves_assinatura');
    await auth.createReplica();
    const [after] = await auth.dataSource.query('select count(*)::int as keys from chaves_assinatura');
    expect([row.keys, after.keys]).toEqual([1, 1]);
    await expect(auth.createReplica({ key: Buffer.alloc(32, 9) })).rejects.toThrow();
  });
});

describe('a signing key that is taken back', () => {
  let stopAside: (() => Promise<void>) | undefined;

  afterEach(() => stopAside?.());

  it('stops signing within a minute and leaves the published set when its last token has expired', async () => {
    const own = new FixedClock(new Date().toISOString());
    const alone = await startAuth({
      clock: own,
      serviceClients: [],
      admin: { email: 'admin@exemplo.com', senha: 'uma senha de admin' },
    });
    const aside = clients(alone.grpcPort);
    stopAside = async () => {
      for (const each of Object.values(aside)) each.close();
      await alone.stop();
    };
    const { auth: client } = aside;
    const login = () => client.login({ email: 'admin@exemplo.com', password: 'uma senha de admin' });
    const kidNow = async () => decodeProtectedHeader((await login()).accessToken).kid;
    const kids = async () => {
      const answer = await fetch(`http://127.0.0.1:${alone.httpPort}/.well-known/jwks.json`);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const old = await kidNow();
    const [[taken]]: [{ em: Date }[], number] = await alone.dataSource.query(
      `update chaves_assinatura set estado = 'APOSENTADA' returning aposentada_em as em`,
    );
    // The database has a clock of its own, and all that came before took its time.
    own.advance(Number(taken?.em) - own.now().getTime() + 61_000);
    await eventually(async () => expect(await kidNow()).not.toBe(old));
    expect(await kids()).toEqual([await kidNow(), old]);
    own.advance(20 * 60_000 - 5_000);
    await login();
    expect(await kids()).toHaveLength(2);
    own.advance(10_000);
    expect(await kids()).toEqual([await kidNow()]);
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

describe('reading an account', () => {
  it('is for its owner and for who is an administrator now', async () => {
    const [dono, outro] = [await newSession(), await newSession()];
    const as = ({ accessToken }: { accessToken: string }) => ({
      headers: { authorization: `Bearer ${accessToken}` },
    });
    const { id: usuarioId } = await rpc.users.getMe({}, as(dono));
    const admin = await rpc.auth.login({ email: 'admin@exemplo.com', password: 'uma senha de admin' });
    expect((await rpc.users.getUser({ usuarioId }, as(dono))).id).toBe(usuarioId);
    expect((await rpc.users.getUser({ usuarioId }, as(admin))).id).toBe(usuarioId);
    const unknown = { code: Code.NotFound, motivo: 'USUARIO_NAO_ENCONTRADO' };
    expect(await failure(rpc.users.getUser({ usuarioId }, as(outro)))).toEqual(unknown);
    expect(await failure(rpc.users.getUser({ usuarioId: 'cli_x' }, as(outro)))).toEqual(unknown);
    expect(await failure(rpc.users.getUser({ usuarioId: 'cli_x' }, as(admin)))).toEqual(unknown);
    await rpc.users.updateUser({ usuarioId, ativo: false }, as(admin));
    const ended = { code: Code.Unauthenticated, motivo: 'TOKEN_INVALIDO' };
    expect(await failure(rpc.users.getUser({ usuarioId }, as(dono)))).toEqual(ended);
    expect(await failure(rpc.users.getMe({}, as(dono)))).toEqual(ended);
  });
});

describe('changing an account', () => {
  const asAdmin = async () => {
    const { accessToken } = await rpc.auth.login({
      email: 'admin@exemplo.com',
      password: 'uma senha de admin',
    });
    return { headers: { authorization: `Bearer ${accessToken}` } };
  };
  const rolesIn = (token: string) =>
    JSON.parse(Buffer.from(token.split('..')[1] ?? '', 'base64url').toString()).papeis;

  it('gives roles that the next token has, and tells the other services', async () => {
    const quem = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(quem);
    const session = await rpc.auth.login(quem);
    const papeis = [PapelUsuario.GESTOR, PapelUsuario.CLIENTE];
    const updated = await rpc.users.updateUser({ usuarioId, papeis }, await asAdmin());
    expect(updated.papeis).toEqual([PapelUsuario.CLIENTE, PapelUsuario.GESTOR]);
    await rpc.users.updateUser({ usuarioId, papeis }, await asAdmin());
    expect(rolesIn(session.accessToken)).toEqual(['CLIENTE']);
    expect(rolesIn((await rpc.auth.login(quem)).accessToken)).toEqual(['CLIENTE', 'GESTOR']);
    const events: { assunto: string; payload: object }[] = await auth.dataSource.query(
      'select assunto, payload from outbox where agregado_id = $1 order by posicao',
      [usuarioId],
    );
    expect(events.map(({ assunto }) => assunto)).toEqual([
      'auth.v1.UsuarioRegistrado',
      'auth.v1.UsuarioAtualizado',
    ]);
    expect(events[1]?.payload).toMatchObject({
      papeis: ['PAPEL_USUARIO_CLIENTE', 'PAPEL_USUARIO_GESTOR'],
      ativo: true,
      geracaoSessoes: 2,
    });
  });

  it('lets a suspended account in no more, until it is let in again', async () => {
    const quem = pessoa();
    const { id: usuarioId } = await rpc.auth.signup(quem);
    const { refreshToken } = await rpc.auth.login(quem);
    await rpc.users.updateUser({ usuarioId, ativo: false }, await asAdmin());
    expect((await failure(rpc.auth.login(quem))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect((await failure(rpc.auth.refresh({ refreshToken }))).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    await rpc.users.updateUser({ usuarioId, ativo: true }, await asAdmin());
    await rpc.auth.login(quem);
  });

  it('never leaves the platform without an administrator, whoever demotes whom at once', async () => {
    const quem = pessoa();
    const { id: outro } = await rpc.auth.signup(quem);
    const admin = await asAdmin();
    const { id: eu } = await rpc.users.getMe({}, admin);
    const papeis = [PapelUsuario.CLIENTE];
    const ultimo = { code: Code.FailedPrecondition, motivo: 'ULTIMO_ADMIN' };
    expect(await failure(rpc.users.updateUser({ usuarioId: eu, papeis }, admin))).toEqual(ultimo);
    expect(await failure(rpc.users.updateUser({ usuarioId: eu, ativo: false }, admin))).toEqual(ultimo);
    await rpc.users.updateUser({ usuarioId: outro, papeis: [PapelUsuario.ADMIN] }, admin);
    const ambos = await Promise.allSettled(
      [eu, outro].map((usuarioId) => rpc.users.updateUser({ usuarioId, papeis }, admin)),
    );
    expect(ambos.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [{ admins }] = await auth.dataSource.query(
      `select count(*)::int as admins from usuarios where ativo and 'ADMIN' = any (papeis)`,
    );
    expect(admins).toBe(1);
    await auth.dataSource.query(`update usuarios set papeis = '{ADMIN}' where id = $1`, [eu]);
  });

  it('is for administrators, of accounts that exist, and not about spaces', async () => {
    const { accessToken } = await newSession();
    const mere = { headers: { authorization: `Bearer ${accessToken}` } };
    expect((await failure(rpc.users.updateUser({ usuarioId: 'cli_x', nome: 'Bia' }, mere))).motivo).toBe(
      'ACESSO_NEGADO',
    );
    const admin = await asAdmin();
    expect(await failure(rpc.users.updateUser({ usuarioId: 'cli_x', nome: 'Bia' }, admin))).toEqual({
      code: Code.NotFound,
      motivo: 'USUARIO_NAO_ENCONTRADO',
    });
    for (const espacos of [{ espacosGeridos: ['esp_1'] }, { removerEspacosGeridos: true }])
      expect((await failure(rpc.users.updateUser({ usuarioId: 'cli_x', ...espacos }, admin))).motivo).toBe(
        'REQUISICAO_INVALIDA',
      );
  });
});
