import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { codigosMandados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, failure, pessoa } from '../support/use-auth.ts';
import { STEP_MS, useMfa } from './use-mfa.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, newSession, configurada, protegida, esperando } = useMfa(clock);

const invalid = { code: Code.Unauthenticated, motivo: 'MFA_CODIGO_INVALIDO' };

describe('set-up of an authenticator app', () => {
  it('answers the secret in the three forms that apps take, and changes nothing at login', async () => {
    const { quem, setup, session } = await configurada();
    expect(setup.segredo).toMatch(/^[A-Z2-7]{32}$/);
    const url = new URL(setup.otpauthUrl);
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/Plataforma de Reservas:${quem.email.toLowerCase()}`,
    ]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      secret: setup.segredo,
      issuer: 'Plataforma de Reservas',
    });
    expect(setup.qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    expect((await rpc.auth.login(quem)).mfaRequired).toBe(false);
    expect((await rpc.users.getMe({}, as(session))).mfaAtivo).toBe(false);
  });

  it('asks for the password, and guesses at it are slowed as those at login (ASVS 7.5.1)', async () => {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    const session = as(await rpc.auth.login(quem));
    const told: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn += 1)
      told.push((await failure(rpc.auth.setupMfa({ password: 'outra senha' }, session))).motivo);
    expect(told).toEqual([...Array(5).fill('CREDENCIAIS_INVALIDAS'), 'MUITAS_TENTATIVAS']);
    expect(await auth.dataSource.query('select 1 from fatores where usuario_id = $1', [id])).toEqual([]);
  });

  it('is none for an account whose address may be that of somebody else, who would be kept out by it', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const session = as(await rpc.auth.login(quem));
    expect(await failure(rpc.auth.setupMfa({ password: quem.password }, session))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'EMAIL_NAO_VERIFICADO',
    });
  });

  it('is replaced by a later one, whose codes alone are right', async () => {
    const { quem, session, app: first } = await configurada();
    const { segredo } = await rpc.auth.setupMfa({ password: quem.password }, as(session));
    expect(await failure(rpc.auth.activateMfa({ codigo: first.code() }, as(session)))).toEqual(invalid);
    expect(segredo).toHaveLength(32);
  });

  it('is kept encrypted for its account: the stored bytes hold no secret, and fit no other account', async () => {
    const [ana, eva] = [await configurada(), await configurada()];
    const [row] = await auth.dataSource.query('select * from fatores where usuario_id = $1', [ana.id]);
    expect(JSON.stringify(row)).not.toContain(ana.setup.segredo);
    expect(row.segredo_cifrado).toHaveLength(12 + 16 + 20);
    await auth.dataSource.query('update fatores set segredo_cifrado = $1 where usuario_id = $2', [
      row.segredo_cifrado,
      eva.id,
    ]);
    const call = rpc.auth.activateMfa({ codigo: ana.app.code() }, as(eva.session));
    expect((await failure(call)).code).toBe(Code.Internal);
  });

  it('is void after fifteen minutes', async () => {
    const { id, app, session } = await configurada();
    await auth.dataSource.query(
      `update fatores set criado_em = criado_em - interval '15 minutes' where usuario_id = $1`,
      [id],
    );
    expect(await failure(rpc.auth.activateMfa({ codigo: app.code() }, as(session)))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'MFA_CONFIGURACAO_AUSENTE',
    });
  });
});

describe('activation', () => {
  it('takes the first right code, as apps show it, and asks for the factor from then on', async () => {
    const { quem, app, session } = await configurada();
    const code = app.code();
    const codigo = `${code.slice(0, 3)} ${code.slice(3)}`;
    const { codigosRecuperacao } = await rpc.auth.activateMfa({ codigo }, as(session));
    expect(new Set(codigosRecuperacao).size).toBe(10);
    for (const codigo of codigosRecuperacao)
      expect(codigo).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    const login = await rpc.auth.login(quem);
    expect(login).toMatchObject({
      mfaRequired: true,
      accessToken: '',
      refreshToken: '',
      tokenType: '',
      expiresIn: 0,
    });
    expect(login.mfaToken).toMatch(/^[\w-]{43}$/);
  });

  it('ends every session but the one that it was done in, and so does switching it off (ASVS 7.4.3)', async () => {
    const { quem, app, session } = await configurada();
    const other = await rpc.auth.login(quem);
    const ended = (of: { refreshToken: string }) =>
      failure(rpc.auth.refresh({ refreshToken: of.refreshToken }));
    const over = { code: Code.Unauthenticated, motivo: 'TOKEN_RENOVACAO_INVALIDO' };
    await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    expect(await ended(other)).toEqual(over);
    const mine = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    clock.advance(STEP_MS);
    const later = await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() });
    clock.advance(STEP_MS);
    await rpc.auth.disableMfa({ password: quem.password, codigo: app.code() }, as(mine));
    expect(await ended(later)).toEqual(over);
    await rpc.auth.refresh({ refreshToken: mine.refreshToken });
  });

  it('is told by the account', async () => {
    const { quem, app } = await protegida();
    clock.advance(STEP_MS);
    const session = await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() });
    expect((await rpc.users.getMe({}, as(session))).mfaAtivo).toBe(true);
  });

  it('is refused without a set-up, and for an active factor, like another set-up', async () => {
    const session = as(await newSession());
    expect((await failure(rpc.auth.activateMfa({ codigo: '123456' }, session))).motivo).toBe(
      'MFA_CONFIGURACAO_AUSENTE',
    );
    const { quem, app } = await protegida();
    clock.advance(STEP_MS);
    const mine = as(await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() }));
    const active = { code: Code.FailedPrecondition, motivo: 'MFA_JA_ATIVO' };
    expect(await failure(rpc.auth.activateMfa({ codigo: app.code() }, mine))).toEqual(active);
    expect(await failure(rpc.auth.setupMfa({ password: quem.password }, mine))).toEqual(active);
  });

  it('hears five wrong codes and no more: then the set-up is void', async () => {
    const { app, session } = await configurada();
    const guesses = [app.wrong(), '１２３４５６', '12345a', '-12345', '1234567'];
    for (const codigo of guesses)
      expect(await failure(rpc.auth.activateMfa({ codigo }, as(session)))).toEqual(invalid);
    expect((await failure(rpc.auth.activateMfa({ codigo: app.code() }, as(session)))).motivo).toBe(
      'MFA_CONFIGURACAO_AUSENTE',
    );
  });

  it('answers the same codes to the same call again, and to no other', async () => {
    const { quem, app, session } = await configurada();
    const key = { 'idempotency-key': 'ativar-1' };
    const { headers } = as(session);
    const codigo = app.code();
    const { codigosRecuperacao } = await rpc.auth.activateMfa(
      { codigo },
      { headers: { ...headers, ...key } },
    );
    clock.advance(STEP_MS);
    const fresh = as(await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() }));
    const again = { headers: { ...fresh.headers, ...key } };
    expect((await rpc.auth.activateMfa({ codigo }, again)).codigosRecuperacao).toEqual(codigosRecuperacao);
    expect((await failure(rpc.auth.activateMfa({ codigo }, fresh))).motivo).toBe('MFA_JA_ATIVO');
  });

  it('keeps nothing of the codes that tells one: hashes, and a seed that is worth nothing without the key', async () => {
    const { app, session } = await configurada();
    const { headers } = as(session);
    const key = { 'idempotency-key': 'ativar-2' };
    const { codigosRecuperacao } = await rpc.auth.activateMfa(
      { codigo: app.code() },
      { headers: { ...headers, ...key } },
    );
    const tables = ['codigos_recuperacao', 'idempotencia', 'fatores', 'outbox', 'usuarios'];
    const rows = await Promise.all(tables.map((table) => auth.dataSource.query(`select * from ${table}`)));
    const stored = JSON.stringify(rows);
    for (const codigo of codigosRecuperacao) {
      expect(stored).not.toContain(codigo);
      expect(stored).not.toContain(codigo.replaceAll('-', ''));
    }
  });
});

describe('the end of a login with the second factor', () => {
  it('opens a session that says how its owner proved who they are', async () => {
    const { quem, app, codigosRecuperacao } = await protegida();
    clock.advance(STEP_MS);
    const byApp = await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() });
    expect(decodeJwt(byApp.accessToken)).toMatchObject({ amr: ['pwd', 'otp'] });
    expect(byApp).toMatchObject({ tokenType: 'Bearer', expiresIn: 600, mfaRequired: false, mfaToken: '' });
    const codigo = codigosRecuperacao[0] ?? '';
    const byCode = await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo });
    expect(decodeJwt(byCode.accessToken)).toMatchObject({ amr: ['pwd', 'rec'] });
    await rpc.auth.refresh({ refreshToken: byCode.refreshToken });
  });

  it('takes codes of apps whose clock is half a minute off, and no further (ASVS 6.5.5)', async () => {
    const { quem, app } = await protegida();
    clock.advance(3 * STEP_MS);
    const mfaToken = await esperando({ quem });
    for (const steps of [2, -2])
      expect(await failure(rpc.auth.verifyMfa({ mfaToken, codigo: app.code(steps) }))).toEqual(invalid);
    await rpc.auth.verifyMfa({ mfaToken, codigo: app.code(1) });
    await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code(-1) });
  });

  it('needs a login that waits: an unknown, used or old token is refused alike', async () => {
    const { quem, app } = await protegida();
    clock.advance(STEP_MS);
    const others = await auth.redis.keys('mfa:login:*');
    const [used, old] = [await esperando({ quem }), await esperando({ quem })];
    const codigo = app.code();
    await rpc.auth.verifyMfa({ mfaToken: used, codigo });
    const key = (await auth.redis.keys('mfa:login:*')).find((one) => !others.includes(one));
    expect(await auth.redis.ttl(key ?? '')).toBeGreaterThan(290);
    await auth.redis.del(...(await auth.redis.keys('mfa:login:*')));
    const refused = { code: Code.Unauthenticated, motivo: 'MFA_TOKEN_INVALIDO' };
    for (const mfaToken of [used, old, 'x'])
      expect(await failure(rpc.auth.verifyMfa({ mfaToken, codigo }))).toEqual(refused);
  });

  it('keeps no token of a waiting login, and none without an end', async () => {
    const { quem } = await protegida();
    const mfaToken = await esperando({ quem });
    const keys = await auth.redis.keys('mfa:*');
    expect(keys.join()).not.toContain(mfaToken);
    for (const key of keys) expect(await auth.redis.ttl(key)).toBeGreaterThan(0);
  });

  it('is refused once the account is suspended, or its sessions have ended, whatever the code', async () => {
    const { quem, id, app } = await protegida();
    const mfaToken = await esperando({ quem });
    clock.advance(STEP_MS);
    await auth.dataSource.query('update usuarios set geracao_sessoes = geracao_sessoes + 1 where id = $1', [
      id,
    ]);
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: app.code() }))).motivo).toBe(
      'MFA_TOKEN_INVALIDO',
    );
    await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() });
  });
});

describe('switching it off', () => {
  it('asks for password and code, and login asks for the password alone from then on', async () => {
    const { quem, id, app } = await protegida();
    clock.advance(STEP_MS);
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() }));
    clock.advance(STEP_MS);
    const wrongs = [
      { password: 'outra senha', codigo: app.code(), motivo: 'CREDENCIAIS_INVALIDAS' },
      { password: quem.password, codigo: app.wrong(), motivo: 'MFA_CODIGO_INVALIDO' },
    ];
    for (const { motivo, ...request } of wrongs)
      expect(await failure(rpc.auth.disableMfa(request, session))).toEqual({
        code: Code.Unauthenticated,
        motivo,
      });
    const request = { password: quem.password, codigo: app.code() };
    const keyed = { headers: { ...session.headers, 'idempotency-key': 'desativar-1' } };
    await rpc.auth.disableMfa(request, keyed);
    expect((await rpc.auth.login(quem)).mfaRequired).toBe(false);
    for (const table of ['fatores', 'codigos_recuperacao'])
      expect(await auth.dataSource.query(`select 1 from ${table} where usuario_id = $1`, [id])).toEqual([]);
  });

  it('takes a recovery code, and needs an active factor', async () => {
    const { quem, app, codigosRecuperacao } = await protegida();
    clock.advance(STEP_MS);
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() }));
    const codigo = (codigosRecuperacao[3] ?? '').toLowerCase().replaceAll('-', ' ');
    await rpc.auth.disableMfa({ password: quem.password, codigo }, session);
    const fresh = as(await rpc.auth.login(quem));
    expect((await failure(rpc.auth.disableMfa({ password: quem.password, codigo }, fresh))).motivo).toBe(
      'MFA_NAO_ATIVO',
    );
  });
});

describe('another password', () => {
  it('asks for a code when the account has a second factor, as a session may have been copied', async () => {
    const { quem, app } = await protegida();
    clock.advance(STEP_MS);
    const session = as(await rpc.auth.verifyMfa({ mfaToken: await esperando({ quem }), codigo: app.code() }));
    const change = (codigo: string) =>
      rpc.auth.changePassword(
        { currentPassword: quem.password, newPassword: 'outra senha bem longa', codigo },
        session,
      );
    expect((await failure(change(''))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(change(app.code()))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(STEP_MS);
    await change(app.code());
  });
});

describe('a forgotten password', () => {
  it('leaves the second factor in the way: the new one opens nothing without a code (ASVS 6.4.3)', async () => {
    const { quem, id, app } = await protegida();
    const semanaPassada = `update fatores set criado_em = criado_em - interval '7 days' where usuario_id = $1`;
    await auth.dataSource.query(semanaPassada, [id]);
    await rpc.auth.forgotPassword({ email: quem.email });
    for (const worker of auth.background) while (await worker.turn?.());
    const [codigo = ''] = (await codigosMandados(auth.dataSource, id)).slice(-1);
    const newPassword = 'outra senha bem longa';
    await rpc.auth.resetPassword({ codigo, newPassword });
    const login = await rpc.auth.login({ email: quem.email, password: newPassword });
    expect(login).toMatchObject({ mfaRequired: true, accessToken: '', refreshToken: '' });
    clock.advance(STEP_MS);
    expect(await rpc.auth.verifyMfa({ mfaToken: login.mfaToken, codigo: app.code() })).toMatchObject({
      tokenType: 'Bearer',
    });
  });
});
