import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { Authenticator } from '../support/authenticator.ts';
import { publicados } from '../support/codigos.ts';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { STEP_MS, useMfa } from './use-mfa.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());

const keyed = (session: { accessToken: string }, key: string) => ({
  headers: { ...as(session).headers, 'idempotency-key': key },
});

describe('a second factor that is lost', () => {
  const { auth, rpc, protegida, esperando } = useMfa(clock);

  const [password, outra] = [ADMIN.password, 'outra senha'];
  const chefe = () => rpc.auth.login(ADMIN);
  const eventos = (usuarioId: string) =>
    auth.dataSource.query(
      `select e.resultado, e.endereco, e.autor_id = u.id as "doAdmin" from eventos_seguranca e, usuarios u
       where e.tipo = 'FATOR_RETIRADO' and e.usuario_id = $1 and u.papeis @> array['ADMIN'] limit 1`,
      [usuarioId],
    );

  it('is taken by an administrator: every session ends, and the password alone lets its owner in (ASVS 6.4.4)', async () => {
    const pessoa = await protegida();
    const espera = await esperando(pessoa);
    const here = { headers: { ...as(await chefe()).headers, 'x-forwarded-for': '198.51.100.20' } };
    await rpc.users.resetUserMfa({ usuarioId: pessoa.id, password }, here);
    const renewed = rpc.auth.refresh({ refreshToken: pessoa.session.refreshToken });
    expect((await failure(renewed)).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    const [codigo = ''] = pessoa.codigosRecuperacao;
    const late = await failure(rpc.auth.verifyMfa({ mfaToken: espera, codigo }));
    expect(late.motivo).toBe('MFA_TOKEN_INVALIDO');
    const login = await rpc.auth.login(pessoa.quem);
    expect(login.mfaRequired).toBe(false);
    expect((await rpc.users.getMe({}, as(login))).mfaAtivo).toBe(false);
    expect(await eventos(pessoa.id)).toEqual([
      { resultado: 'FEITO', endereco: '198.51.100.20', doAdmin: true },
    ]);
  });

  it('is told to its owner, and not from where an administrator has done it', async () => {
    const pessoa = await protegida();
    await rpc.users.resetUserMfa({ usuarioId: pessoa.id, password }, as(await chefe()));
    const avisos = await publicados<Record<string, string>>(
      auth.dataSource,
      'auth.v1.AvisoDeSeguranca',
      pessoa.id,
    );
    const { tipo, enderecoIp = '', dispositivo = '' } = avisos.at(-1) ?? {};
    expect({ tipo, enderecoIp, dispositivo }).toEqual({
      ...{ tipo: 'TIPO_AVISO_SEGURANCA_MFA_RETIRADO', enderecoIp: '', dispositivo: '' },
    });
  });

  it('is taken by who proves to be the administrator: a copied session is not enough (ASVS 7.5.1)', async () => {
    const pessoa = await protegida();
    const wrong = rpc.users.resetUserMfa({ usuarioId: pessoa.id, password: outra }, as(await chefe()));
    expect(await failure(wrong)).toEqual({ code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' });
    expect((await rpc.auth.login(pessoa.quem)).mfaRequired).toBe(true);
  });

  it('is taken by administrators alone, never their own, and only where there is one', async () => {
    const [ana, eva] = [await protegida(), await protegida()];
    const other = rpc.users.resetUserMfa({ usuarioId: ana.id, password: eva.quem.password }, as(eva.session));
    expect((await failure(other)).code).toBe(Code.Unauthenticated);
    clock.advance(STEP_MS);
    const { accessToken } = await rpc.auth.refresh({ refreshToken: eva.session.refreshToken });
    const call = { usuarioId: ana.id, password: eva.quem.password };
    expect((await failure(rpc.users.resetUserMfa(call, as({ accessToken })))).code).toBe(
      Code.PermissionDenied,
    );
    const admin = await chefe();
    const { id } = await rpc.users.getMe({}, as(admin));
    expect(await failure(rpc.users.resetUserMfa({ usuarioId: id, password }, as(admin)))).toEqual({
      code: Code.PermissionDenied,
      motivo: 'ACESSO_NEGADO',
    });
    const nobody = rpc.users.resetUserMfa({ usuarioId: 'cli_nobody', password }, as(admin));
    expect((await failure(nobody)).motivo).toBe('USUARIO_NAO_ENCONTRADO');
    await rpc.users.resetUserMfa({ usuarioId: ana.id, password }, as(admin));
    const again = rpc.users.resetUserMfa({ usuarioId: ana.id, password }, as(admin));
    expect((await failure(again)).motivo).toBe('MFA_NAO_ATIVO');
  });

  it('is taken once by a call that comes again under its key', async () => {
    const pessoa = await protegida();
    const admin = keyed(await chefe(), crypto.randomUUID());
    await rpc.users.resetUserMfa({ usuarioId: pessoa.id, password }, admin);
    await rpc.users.resetUserMfa({ usuarioId: pessoa.id, password }, admin);
    const avisos = await publicados(auth.dataSource, 'auth.v1.AvisoDeSeguranca', pessoa.id);
    expect(avisos).toHaveLength(2);
  });
});

describe('where administrators need a second factor', () => {
  const { rpc, protegida } = useMfa(clock, { mfaRequiredForAdmins: true });

  async function comFator() {
    const session = await rpc.auth.login(ADMIN);
    const { segredo } = await rpc.auth.setupMfa({ password: ADMIN.password }, as(session));
    const app = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    const { mfaToken } = await rpc.auth.login(ADMIN);
    clock.advance(STEP_MS);
    return { app, session: await rpc.auth.verifyMfa({ mfaToken, codigo: app.code() }) };
  }

  it('one takes the factor of another with a code of their own, who acts as one again with a new factor', async () => {
    const { app, session } = await comFator();
    const outro = await protegida();
    const papeis = [PapelUsuario.CLIENTE, PapelUsuario.ADMIN];
    clock.advance(STEP_MS);
    const call = { usuarioId: outro.id, papeis, password: ADMIN.password, codigo: app.code() };
    await rpc.users.updateUser(call, as(session));
    const reset = (codigo?: string) =>
      rpc.users.resetUserMfa(
        { usuarioId: outro.id, password: ADMIN.password, ...(codigo && { codigo }) },
        as(session),
      );
    expect((await failure(reset())).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(reset(app.wrong()))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(STEP_MS);
    await reset(app.code());
    const login = await rpc.auth.login(outro.quem);
    expect(login).toMatchObject({ mfaRequired: false, mfaSetupRequired: true });
    expect(decodeJwt(login.accessToken).papeis).not.toContain('ADMIN');
    const { segredo } = await rpc.auth.setupMfa({ password: outro.quem.password }, as(login));
    const novo = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: novo.code() }, as(login));
    clock.advance(STEP_MS);
    const { mfaToken } = await rpc.auth.login(outro.quem);
    const { accessToken } = await rpc.auth.verifyMfa({ mfaToken, codigo: novo.code() });
    expect(decodeJwt(accessToken).papeis).toContain('ADMIN');
  });
});

describe('new recovery codes', () => {
  const { auth, rpc, protegida, esperando } = useMfa(clock);

  /** With the tokens of the session that goes on. */
  async function renovada() {
    const pessoa = await protegida();
    clock.advance(STEP_MS);
    return { ...pessoa, session: await rpc.auth.refresh({ refreshToken: pessoa.session.refreshToken }) };
  }

  it('take the place of those before, which work no more', async () => {
    const pessoa = await renovada();
    const { quem, app, session } = pessoa;
    const pedido = { password: quem.password, codigo: app.code() };
    const { codigosRecuperacao } = await rpc.auth.renewRecoveryCodes(pedido, as(session));
    expect(new Set([...codigosRecuperacao, ...pessoa.codigosRecuperacao]).size).toBe(20);
    const [[novo = ''], [velho = '']] = [codigosRecuperacao, pessoa.codigosRecuperacao];
    const mfaToken = await esperando(pessoa);
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: velho }))).motivo).toBe(
      'MFA_CODIGO_INVALIDO',
    );
    expect((await rpc.auth.verifyMfa({ mfaToken, codigo: novo })).accessToken).not.toBe('');
    const told = await auth.dataSource.query(
      `select tipo from eventos_seguranca where usuario_id = $1 and tipo = 'CODIGOS_RENOVADOS'`,
      [pessoa.id],
    );
    expect(told).toHaveLength(1);
    const avisos = await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', pessoa.id);
    expect(avisos.map(({ tipo }) => tipo)).toContain('TIPO_AVISO_SEGURANCA_CODIGOS_RECUPERACAO_NOVOS');
  });

  it('are for who has the password and the app: a recovery code makes none, and is not used up (ASVS 7.5.1)', async () => {
    const { quem, app, session, codigosRecuperacao } = await renovada();
    const call = (password: string, codigo: string) =>
      failure(rpc.auth.renewRecoveryCodes({ password, codigo }, as(session)));
    const [codigo = ''] = codigosRecuperacao;
    expect((await call('outra senha', app.code())).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect((await call(quem.password, app.wrong())).motivo).toBe('MFA_CODIGO_INVALIDO');
    expect((await call(quem.password, codigo)).motivo).toBe('MFA_CODIGO_INVALIDO');
    await rpc.auth.disableMfa({ password: quem.password, codigo }, as(session));
  });

  it('are answered once more to the same call, as long as they are the codes of the account', async () => {
    const { quem, app, session } = await renovada();
    const key = crypto.randomUUID();
    const pedido = () => ({ password: quem.password, codigo: app.code() });
    const first = await rpc.auth.renewRecoveryCodes(pedido(), keyed(session, key));
    const again = await rpc.auth.renewRecoveryCodes(pedido(), keyed(session, key));
    expect(again.codigosRecuperacao).toEqual(first.codigosRecuperacao);
    clock.advance(STEP_MS);
    await rpc.auth.renewRecoveryCodes(pedido(), as(session));
    const late = rpc.auth.renewRecoveryCodes(pedido(), keyed(session, key));
    expect((await failure(late)).motivo).toBe('MFA_NAO_ATIVO');
  });

  it('are none where there is no second factor', async () => {
    const session = await rpc.auth.login(ADMIN);
    const pedido = { password: ADMIN.password, codigo: '123456' };
    expect(await failure(rpc.auth.renewRecoveryCodes(pedido, as(session)))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'MFA_NAO_ATIVO',
    });
  });
});
