import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { type ComPasskey, usePasskeys } from './use-passkeys.ts';

const clock = new FixedClock(new Date(Date.now() - 2 * 60_000).toISOString());
const { auth, rpc, comPasskey, verificada, protegida, esperando, registrar } = usePasskeys(clock);

const amr = ({ accessToken }: { accessToken: string }) => decodeJwt(accessToken).amr;

/** The last attempt to log in that was recorded for the account. */
const ultimoLogin = async (id: string) =>
  (
    await auth.dataSource.query(
      `select resultado, detalhe from eventos_seguranca where usuario_id = $1 and tipo = 'LOGIN' order by id desc limit 1`,
      [id],
    )
  )[0];

async function entrar({ aparelho }: Pick<ComPasskey, 'aparelho'>) {
  const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
  return rpc.passkeys.finishPasskeyLogin({ resposta: aparelho.get(opcoes) });
}

describe('a login by passkey alone', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'opens a session of two factors, with %s',
    async (algorithm) => {
      const ana = await comPasskey({ algorithm });
      const session = await entrar(ana);
      expect(session).toMatchObject({ mfaRequired: false, tokenType: 'Bearer' });
      expect(amr(session)).toEqual(['pop', 'mfa']);
      expect((await rpc.users.getMe({}, as(session))).id).toBe(ana.id);
      expect(amr(await rpc.auth.refresh({ refreshToken: session.refreshToken }))).toEqual(['pop', 'mfa']);
      expect(await ultimoLogin(ana.id)).toEqual({ resultado: 'FEITO', detalhe: 'pop+mfa' });
      const [passkey] = (await rpc.passkeys.listPasskeys({}, as(session))).passkeys;
      expect(passkey?.usadoEm).toBeDefined();
    },
  );

  it('names no account, and asks the device to verify who holds it', async () => {
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({});
    const options = JSON.parse(opcoes);
    expect(options).toMatchObject({ rpId: 'exemplo.com', userVerification: 'required', timeout: 300_000 });
    expect(options.allowCredentials ?? []).toEqual([]);
    const [other] = [JSON.parse((await rpc.passkeys.startPasskeyLogin({})).opcoes)];
    expect(other.challenge).not.toBe(options.challenge);
  });

  it('takes every page of the site that is configured', async () => {
    const ana = await comPasskey({ origin: 'https://exemplo.com' });
    expect(amr(await entrar(ana))).toEqual(['pop', 'mfa']);
  });

  it('works again and again with a synced passkey, which does not count', async () => {
    const ana = await comPasskey({ synced: true });
    await entrar(ana);
    expect(amr(await entrar(ana))).toEqual(['pop', 'mfa']);
  });

  it('asks for no code although the account has an app as well', async () => {
    const ana = await protegida();
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const aparelho = new VirtualAuthenticator();
    await registrar({ ...ana, session }, aparelho, ana.codigosRecuperacao[0]);
    expect((await entrar({ aparelho })).mfaRequired).toBe(false);
  });

  it('tells who has proved it that the account is suspended', async () => {
    const ana = await comPasskey();
    const admin = await rpc.auth.login(ADMIN);
    await rpc.users.updateUser({ usuarioId: ana.id, ativo: false }, as(admin));
    expect(await failure(entrar(ana))).toEqual({ code: Code.PermissionDenied, motivo: 'USUARIO_INATIVO' });
    expect(await ultimoLogin(ana.id)).toEqual({ resultado: 'RECUSADO', detalhe: 'pop' });
  });

  it('is over with the passkey', async () => {
    const ana = await comPasskey();
    const [codigo = ''] = ana.codigosRecuperacao;
    const request = { passkeyId: ana.passkeyId, password: ana.quem.password, codigo };
    await rpc.passkeys.removePasskey(request, as(ana.session));
    expect(await failure(entrar(ana))).toEqual({
      code: Code.Unauthenticated,
      motivo: 'PASSKEY_LOGIN_INVALIDO',
    });
  });
});

describe('a passkey as the second factor', () => {
  it('is asked for by name, and ends the login', async () => {
    const ana = await comPasskey({ verifies: false });
    const mfaToken = await esperando(ana);
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({ mfaToken });
    expect(JSON.parse(opcoes)).toMatchObject({
      userVerification: 'preferred',
      allowCredentials: [{ id: ana.aparelho.credentialId.toString('base64url'), type: 'public-key' }],
    });
    const resposta = ana.aparelho.get(opcoes, { userHandle: null });
    const session = await rpc.passkeys.finishPasskeyLogin({ resposta, mfaToken });
    expect(amr(session)).toEqual(['pwd', 'pop']);
    const again = rpc.passkeys.finishPasskeyLogin({ resposta, mfaToken });
    expect((await failure(again)).motivo).toBe('MFA_TOKEN_INVALIDO');
  });

  it('stands beside the app: either ends the login', async () => {
    const ana = await protegida();
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const aparelho = new VirtualAuthenticator();
    await registrar({ ...ana, session }, aparelho, ana.codigosRecuperacao[0]);
    const mfaToken = await esperando(ana);
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({ mfaToken });
    const byKey = await rpc.passkeys.finishPasskeyLogin({ resposta: aparelho.get(opcoes), mfaToken });
    expect(amr(byKey)).toEqual(['pwd', 'pop']);
    clock.advance(30_000);
    const byApp = await rpc.auth.verifyMfa({ mfaToken: await esperando(ana), codigo: ana.app.code() });
    expect(amr(byApp)).toEqual(['pwd', 'otp']);
  });

  it('is not to be had without a login that waits, or without a passkey', async () => {
    const [mfaToken, ana] = ['nenhum', await protegida()];
    expect((await failure(rpc.passkeys.startPasskeyLogin({ mfaToken }))).motivo).toBe('MFA_TOKEN_INVALIDO');
    const waiting = await esperando(ana);
    expect(await failure(rpc.passkeys.startPasskeyLogin({ mfaToken: waiting }))).toEqual({
      code: Code.NotFound,
      motivo: 'PASSKEY_NAO_ENCONTRADA',
    });
    const finish = rpc.passkeys.finishPasskeyLogin({ resposta: '{}', mfaToken });
    expect((await failure(finish)).motivo).toBe('MFA_TOKEN_INVALIDO');
  });

  it('has five attempts for a login', async () => {
    const ana = await comPasskey();
    const mfaToken = await esperando(ana);
    for (let turn = 0; turn < 5; turn += 1) {
      const wrong = rpc.passkeys.finishPasskeyLogin({ resposta: '{}', mfaToken });
      expect((await failure(wrong)).motivo).toBe('PASSKEY_LOGIN_INVALIDO');
    }
    const { motivo } = await failure(
      rpc.passkeys
        .startPasskeyLogin({ mfaToken })
        .then(async ({ opcoes }) =>
          rpc.passkeys.finishPasskeyLogin({ resposta: ana.aparelho.get(opcoes), mfaToken }),
        ),
    );
    expect(motivo).toBe('MFA_TOKEN_INVALIDO');
  });

  it('is void once the account was suspended', async () => {
    const ana = await comPasskey();
    const mfaToken = await esperando(ana);
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({ mfaToken });
    await rpc.users.updateUser({ usuarioId: ana.id, ativo: false }, as(await rpc.auth.login(ADMIN)));
    const finish = rpc.passkeys.finishPasskeyLogin({ resposta: ana.aparelho.get(opcoes), mfaToken });
    expect((await failure(finish)).motivo).toBe('MFA_TOKEN_INVALIDO');
  });
});

describe('a passkey that is proved within a session', () => {
  async function prova({ aparelho, session }: Pick<ComPasskey, 'aparelho' | 'session'>) {
    const { opcoes } = await rpc.passkeys.startPasskeyProof({}, as(session));
    return rpc.passkeys.finishPasskeyProof({ resposta: aparelho.get(opcoes) }, as(session));
  }

  const trocar = (ana: ComPasskey, codigo: string, newPassword = 'outras palavras sem sentido') =>
    rpc.auth.changePassword({ currentPassword: ana.quem.password, newPassword, codigo }, as(ana.session));

  it('gives a code that stands once for the second factor (ASVS 7.5.1)', async () => {
    const ana = await comPasskey();
    expect((await failure(trocar(ana, ''))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    const { codigo } = await prova(ana);
    // Refused for another reason, it is good for the next call.
    expect((await failure(trocar(ana, codigo, 'senha123'))).motivo).toBe('SENHA_FRACA');
    await trocar(ana, codigo);
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const again = rpc.auth.changePassword(
      { currentPassword: 'outras palavras sem sentido', newPassword: 'ainda outras palavras', codigo },
      as(session),
    );
    expect((await failure(again)).motivo).toBe('MFA_CODIGO_INVALIDO');
  });

  it('gives one that is good for five minutes and for its own account, and is kept as a digest', async () => {
    const [ana, eva] = [await comPasskey(), await comPasskey()];
    const { codigo } = await prova(ana);
    expect((await failure(trocar(eva, codigo))).motivo).toBe('MFA_CODIGO_INVALIDO');
    const rows = await auth.dataSource.query('select * from passkeys where usuario_id = $1', [ana.id]);
    expect(JSON.stringify(rows)).not.toContain(codigo);
    await auth.dataSource.query(
      `update passkeys set prova_expira_em = prova_expira_em - interval '5 minutes' where usuario_id = $1`,
      [ana.id],
    );
    expect((await failure(trocar(ana, codigo))).motivo).toBe('MFA_CODIGO_INVALIDO');
  });

  it('adds another passkey, and removes itself', async () => {
    const ana = await comPasskey();
    await registrar(ana, new VirtualAuthenticator(), (await prova(ana)).codigo);
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const { codigo } = await prova({ ...ana, session });
    await rpc.passkeys.removePasskey(
      { passkeyId: ana.passkeyId, password: ana.quem.password, codigo },
      as(session),
    );
    const renewed = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    expect((await rpc.passkeys.listPasskeys({}, as(renewed))).passkeys).toHaveLength(1);
  });

  it("is the caller's own, and answers its own challenge", async () => {
    const [ana, eva] = [await comPasskey(), await comPasskey()];
    const due = { code: Code.Unauthenticated, motivo: 'PASSKEY_LOGIN_INVALIDO' };
    const { opcoes } = await rpc.passkeys.startPasskeyProof({}, as(ana.session));
    const finish = (resposta: string) => rpc.passkeys.finishPasskeyProof({ resposta }, as(ana.session));
    expect(await failure(finish(eva.aparelho.get(opcoes)))).toEqual(due);
    expect(await failure(finish(ana.aparelho.get(opcoes)))).toEqual(due);
    const login = await rpc.passkeys.startPasskeyLogin({});
    expect(await failure(finish(ana.aparelho.get(login.opcoes)))).toEqual(due);
    const none = rpc.passkeys.startPasskeyProof({}, as((await verificada()).session));
    expect((await failure(none)).motivo).toBe('PASSKEY_NAO_ENCONTRADA');
  });
});
