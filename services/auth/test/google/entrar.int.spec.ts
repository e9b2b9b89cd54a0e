import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { Authenticator } from '../support/authenticator.ts';
import { verificar } from '../support/enderecos.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';
import { alguem, REDIRECT_URI, useGoogle } from './use-google.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc, issuer, browser, begun, entra } = useGoogle({ clock });

describe('a login with Google', () => {
  it('makes an account without a password at the first time, with the address that Google has verified', async () => {
    const quem = alguem();
    const { session, usuario } = await entra(quem);
    expect(usuario).toMatchObject({
      nome: quem.name,
      email: quem.email.toLowerCase(),
      emailVerificado: true,
    });
    expect(decodeJwt(session.accessToken)).toMatchObject({ sub: usuario.id, amr: ['fed'] });
    const password = 'Senha@123';
    expect((await failure(rpc.auth.login({ email: quem.email, password }))).motivo).toBe(
      'CREDENCIAIS_INVALIDAS',
    );
  });

  it('enters the same account the next time, whatever the address has become', async () => {
    const primeira = await entra();
    const [{ sujeito }] = await auth.dataSource.query('select sujeito from vinculos where usuario_id = $1', [
      primeira.usuario.id,
    ]);
    issuer.faults.claims = (claims) => ({ ...claims, sub: sujeito });
    expect((await entra()).usuario.id).toBe(primeira.usuario.id);
  });

  it('enters another account with the same address of another subject of the issuer', async () => {
    const quem = alguem();
    await entra(quem);
    issuer.faults.claims = (claims) => ({ ...claims, sub: 'outra pessoa' });
    expect(await failure((await begun(quem)).finish())).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'GOOGLE_VINCULO_NECESSARIO',
    });
  });

  it('never enters an account for its address alone, and tells its owner what to do', async () => {
    const dona = pessoa();
    const { id } = await rpc.auth.signup(dona);
    await verificar({ auth, rpc }, id);
    const { finish } = await begun({ name: dona.nome, email: dona.email, verified: 'yes' });
    expect(await failure(finish())).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'GOOGLE_VINCULO_NECESSARIO',
    });
  });

  it('gives the address to who has proved it, beside an account that has not', async () => {
    const outra = pessoa();
    const { id } = await rpc.auth.signup(outra);
    const { usuario } = await entra({ name: 'Dona', email: outra.email, verified: 'yes' });
    expect(usuario.id).not.toBe(id);
    expect(usuario).toMatchObject({ email: outra.email.toLowerCase(), emailVerificado: true });
    expect((await failure(verificar({ auth, rpc }, id))).motivo).toBe('CODIGO_EMAIL_INVALIDO');
  });

  it.each([
    ['an address that Google has not verified', alguem(false), {}],
    ['an address that is said to be verified in a text', alguem(), { email_verified: 'true' }],
    ['no address', alguem(), { email: undefined }],
    ['an address that no account can have', alguem(), { email: 'josé@gmail.example' }],
  ])('makes no account of %s', async (_, quem, claims) => {
    issuer.faults.claims = (original) => ({ ...original, ...claims });
    expect(await failure((await begun(quem as Record<string, string>)).finish())).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'GOOGLE_EMAIL_NAO_VERIFICADO',
    });
  });

  it('does not tell who has no verified address whether there is an account', async () => {
    const { finish } = await begun({ name: 'Estranho', email: ADMIN.email });
    expect((await failure(finish())).motivo).toBe('GOOGLE_EMAIL_NAO_VERIFICADO');
  });

  it('makes one account when the same person comes by two attempts at once', async () => {
    const quem = alguem();
    const attempts = await Promise.all([begun(quem), begun(quem), begun(quem)]);
    const sessions = await Promise.all(attempts.map(({ finish }) => finish()));
    expect(new Set(sessions.map(({ accessToken }) => decodeJwt(accessToken).sub)).size).toBe(1);
  });

  it('asks for the second factor of the account', async () => {
    const quem = alguem();
    const { session, usuario } = await entra(quem);
    // Who has no password sets the factor up after choosing one; here the row stands for that.
    await auth.dataSource.query(
      `update usuarios set senha_hash = (select senha_hash from usuarios where email = $2) where id = $1`,
      [usuario.id, ADMIN.email],
    );
    const { segredo } = await rpc.auth.setupMfa({ password: ADMIN.password }, as(session));
    const app = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    const { accessToken, mfaRequired, mfaToken } = await (await begun(quem)).finish();
    expect({ accessToken, mfaRequired }).toEqual({ accessToken: '', mfaRequired: true });
    clock.advance(30_000);
    const entered = await rpc.auth.verifyMfa({ mfaToken, codigo: app.code() });
    expect(decodeJwt(entered.accessToken)).toMatchObject({ sub: usuario.id, amr: ['fed', 'otp'] });
  });

  it('is refused for a suspended account', async () => {
    const quem = alguem();
    const { usuario } = await entra(quem);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [usuario.id]);
    expect(await failure((await begun(quem)).finish())).toEqual({
      code: Code.PermissionDenied,
      motivo: 'USUARIO_INATIVO',
    });
  });

  it('gives people without a name there one made of their address', async () => {
    issuer.faults.claims = ({ name: _, ...claims }) => claims;
    const { usuario } = await entra();
    expect(usuario.nome).toMatch(/^pessoa\.\d+$/);
  });

  it('sends the browser to an address of the list only, letter by letter', async () => {
    for (const redirectUri of [`${REDIRECT_URI}/`, `${REDIRECT_URI}?x=1`, 'https://app.exemplo.com/outra'])
      expect(await failure(browser().start(redirectUri))).toEqual({
        code: Code.InvalidArgument,
        motivo: 'REQUISICAO_INVALIDA',
      });
  });

  it('needs an account to have a way in, whoever writes to the database', async () => {
    const { usuario } = await entra();
    const gone = auth.dataSource.query('delete from vinculos where usuario_id = $1', [usuario.id]);
    await expect(gone).rejects.toMatchObject({ constraint: 'usuarios_tem_entrada' });
    const { id } = await rpc.auth.signup(pessoa());
    const lost = auth.dataSource.query('update usuarios set senha_hash = null where id = $1', [id]);
    await expect(lost).rejects.toMatchObject({ constraint: 'usuarios_tem_entrada' });
  });
});
