import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { consent } from '@plataforma/testing/oidc/consent';
import { decodeJwt } from 'jose';
import { Authenticator } from '../support/authenticator.ts';
import { publicados } from '../support/codigos.ts';
import { verificar } from '../support/enderecos.ts';
import { as, failure, pessoa } from '../support/use-auth.ts';
import { alguem, REDIRECT_URI, useGoogle } from './use-google.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, issuer, browser, begun, entra } = useGoogle({ clock });

const INVALID = { code: Code.Unauthenticated, motivo: 'GOOGLE_LOGIN_INVALIDO' };

/** Somebody with a password, logged in. */
async function dona({ verificada = true } = {}) {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  if (verificada) await verificar({ auth, rpc }, id);
  return { id, quem, session: await rpc.auth.login(quem) };
}

type Dona = Awaited<ReturnType<typeof dona>>;

/** With what the browser brings back from the issuer. */
async function ida({ quem, session }: Dona, chosen: Record<string, string> = alguem()) {
  const navegador = browser();
  const { authorizationUrl } = await navegador.startLink(session, { password: quem.password });
  const answer = await consent(authorizationUrl, chosen);
  return { navegador, answer, link: (key?: string) => navegador.link(session, answer, key) };
}

/** Linked to this person there. */
async function vinculada(chosen: Record<string, string> = alguem()) {
  const conta = await dona();
  await (await ida(conta, chosen)).link();
  return { ...conta, chosen };
}

const vinculoDe = (session: { accessToken: string }) =>
  rpc.users.getMe({}, as(session)).then(({ googleVinculado }) => googleVinculado);

const avisos = async (usuarioId: string) =>
  (await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', usuarioId)).map(
    ({ tipo }) => tipo.replace('TIPO_AVISO_SEGURANCA_', ''),
  );

describe('a link to a Google account', () => {
  it('lets its owner in by it, whatever the address there, and is told to them', async () => {
    const conta = await dona();
    const chosen = alguem();
    expect(await vinculoDe(conta.session)).toBe(false);
    await (await ida(conta, chosen)).link();
    expect(await vinculoDe(conta.session)).toBe(true);
    expect(await avisos(conta.id)).toEqual(['GOOGLE_VINCULADO']);
    const { session, usuario } = await entra(chosen);
    expect(usuario.id).toBe(conta.id);
    expect(decodeJwt(session.accessToken)).toMatchObject({ amr: ['fed'] });
    expect((await rpc.auth.login(conta.quem)).accessToken).not.toBe('');
  });

  it('is the way for who was told that the account has to be linked', async () => {
    const conta = await dona();
    const mesma = { name: 'Ana', email: conta.quem.email, verified: 'yes' };
    expect((await failure((await begun(mesma)).finish())).motivo).toBe('GOOGLE_VINCULO_NECESSARIO');
    await (await ida(conta, mesma)).link();
    expect((await entra(mesma)).usuario.id).toBe(conta.id);
  });

  it('asks for the password before the browser leaves, and slows guesses as a login does (ASVS 7.5.1)', async () => {
    const { session } = await dona();
    const told: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn += 1)
      told.push((await failure(browser().startLink(session, { password: 'outra senha' }))).motivo);
    expect(told).toEqual([...Array(5).fill('CREDENCIAIS_INVALIDAS'), 'MUITAS_TENTATIVAS']);
  });

  it('asks for the second factor of an account that has one (ASVS 7.5.1)', async () => {
    const { quem, session } = await dona();
    const { segredo } = await rpc.auth.setupMfa({ password: quem.password }, as(session));
    const app = new Authenticator(segredo, clock);
    await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    const renewed = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    const start = (codigo?: string) =>
      browser().startLink(renewed, { password: quem.password, ...(codigo && { codigo }) });
    expect((await failure(start())).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(start(app.wrong()))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(30_000);
    const codigo = app.code();
    expect((await start(codigo)).state).toMatch(/^[\w-]{43}$/);
    expect((await failure(start(codigo))).motivo).toBe('MFA_CODIGO_INVALIDO');
  });

  it('is none for an account whose address may be that of somebody else', async () => {
    const { quem, session } = await dona({ verificada: false });
    expect(await failure(browser().startLink(session, { password: quem.password }))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'EMAIL_NAO_VERIFICADO',
    });
  });

  it('goes to an address of the list only', async () => {
    const { quem, session } = await dona();
    const start = browser().startLink(session, { password: quem.password }, `${REDIRECT_URI}/`);
    expect((await failure(start)).motivo).toBe('REQUISICAO_INVALIDA');
  });

  it('is one for each: neither two of an account, nor one of two accounts', async () => {
    const { quem, session, chosen } = await vinculada();
    expect(await failure(browser().startLink(session, { password: quem.password }))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'GOOGLE_JA_VINCULADO',
    });
    expect(await failure((await ida(await dona(), chosen)).link())).toEqual({
      code: Code.AlreadyExists,
      motivo: 'GOOGLE_DE_OUTRA_CONTA',
    });
  });

  it('is one of two that were begun side by side, and the same one twice is no failure', async () => {
    const conta = await dona();
    const chosen = alguem();
    const [first, same, other] = [await ida(conta, chosen), await ida(conta, chosen), await ida(conta)];
    await first.link();
    await same.link();
    expect((await failure(other.link())).motivo).toBe('GOOGLE_JA_VINCULADO');
    expect(await avisos(conta.id)).toEqual(['GOOGLE_VINCULADO']);
  });

  it('belongs to one of two accounts that ask for it at once', async () => {
    const chosen = alguem();
    const attempts = [await ida(await dona(), chosen), await ida(await dona(), chosen)];
    const ends = await Promise.allSettled(attempts.map(({ link }) => link()));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is answered the same under its key, when the answer was lost', async () => {
    const { link } = await ida(await dona());
    const key = crypto.randomUUID();
    await link(key);
    await link(key);
    expect(await failure(link())).toEqual(INVALID);
  });

  it('waits for an issuer that is away, which costs the attempt nothing', async () => {
    const conta = await dona();
    const { link } = await ida(conta);
    issuer.faults.status = 500;
    expect((await failure(link())).code).toBe(Code.Unavailable);
    delete issuer.faults.status;
    await link();
    expect(await vinculoDe(conta.session)).toBe(true);
  });
});

describe('an attempt to link', () => {
  it('is ended by the browser and the account that began it, and nobody else uses it up (ASVS 10.1.2)', async () => {
    const [ana, eva] = [await dona(), await dona()];
    const { navegador, answer, link } = await ida(ana);
    const other = browser();
    await other.startLink(ana.session, { password: ana.quem.password });
    // Somebody's answer in the browser of another person, and another account in the same browser.
    expect(await failure(other.link(ana.session, answer))).toEqual(INVALID);
    expect(await failure(browser().link(ana.session, answer))).toEqual(INVALID);
    expect(await failure(navegador.link(eva.session, answer))).toEqual(INVALID);
    await link();
    expect([await vinculoDe(ana.session), await vinculoDe(eva.session)]).toEqual([true, false]);
  });

  it('is no attempt to log in, and an attempt to log in links nothing', async () => {
    const conta = await dona();
    const { navegador, answer, link } = await ida(conta);
    expect(await failure(navegador.finish(answer))).toEqual(INVALID);
    const login = await begun();
    expect(await failure(login.navegador.link(conta.session, login.answer))).toEqual(INVALID);
    expect(await vinculoDe(conta.session)).toBe(false);
    await link();
    expect(await login.finish()).toMatchObject({ tokenType: 'Bearer' });
  });

  it('is over with the sessions of the account', async () => {
    const conta = await dona();
    const { navegador, answer } = await ida(conta);
    const senha = { currentPassword: conta.quem.password, newPassword: 'uma senha bem outra' };
    await rpc.auth.changePassword(senha, as(conta.session));
    const renewed = await rpc.auth.refresh({ refreshToken: conta.session.refreshToken });
    expect(await failure(navegador.link(renewed, answer))).toEqual(INVALID);
  });
});

describe('taking a link away', () => {
  it('closes the way in, ends every session but the caller’s, and is told to the owner', async () => {
    const { id, quem, session, chosen } = await vinculada();
    const porGoogle = await entra(chosen);
    await rpc.auth.unlinkGoogle({ password: quem.password }, as(session));
    const ended = rpc.auth.refresh({ refreshToken: porGoogle.session.refreshToken });
    expect((await failure(ended)).motivo).toBe('TOKEN_RENOVACAO_INVALIDO');
    const renewed = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    expect(await vinculoDe(renewed)).toBe(false);
    expect(await avisos(id)).toEqual(['GOOGLE_VINCULADO', 'GOOGLE_DESVINCULADO']);
    expect((await entra(chosen)).usuario.id).not.toBe(id);
  });

  it('asks for the password, and under its key is answered the same (ASVS 7.5.1)', async () => {
    const { quem, session } = await vinculada();
    const call = (password: string, key = crypto.randomUUID()) =>
      rpc.auth.unlinkGoogle({ password }, { headers: { ...as(session).headers, 'idempotency-key': key } });
    expect((await failure(call('outra senha'))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    await call(quem.password);
  });

  it('does nothing where there is none', async () => {
    const { id, quem, session } = await dona();
    await rpc.auth.unlinkGoogle({ password: quem.password }, as(session));
    expect(await vinculoDe(session)).toBe(false);
    expect(await avisos(id)).toEqual([]);
  });

  it('is refused where it is the only way in, until there is a password', async () => {
    const { session, usuario } = await entra();
    const refused = { code: Code.FailedPrecondition, motivo: 'SENHA_NECESSARIA' };
    expect(await failure(rpc.auth.unlinkGoogle({ password: 'qualquer' }, as(session)))).toEqual(refused);
    expect(usuario.googleVinculado).toBe(true);
  });

  it('counts for a login that was begun before, too', async () => {
    const { quem, session, chosen } = await vinculada();
    const { finish } = await begun(chosen);
    await rpc.auth.unlinkGoogle({ password: quem.password }, as(session));
    // The person is new to the platform now.
    const entered = await finish();
    expect(decodeJwt(entered.accessToken).sub).not.toBe(decodeJwt(session.accessToken).sub);
  });
});
