import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Authenticator } from '../support/authenticator.ts';
import { publicados } from '../support/codigos.ts';
import { as, failure, pessoa } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { usePasskeys } from './use-passkeys.ts';

const clock = new FixedClock(new Date(Date.now() - 2 * 60_000).toISOString());
const { auth, rpc, verificada, protegida, opcoesDe, registrar, comPasskey, esperando } = usePasskeys(clock);

const STEP_MS = 30_000;

describe('the start of a registration', () => {
  it('answers what browsers take: a discoverable key for this site, under a random name of its owner', async () => {
    const ana = await verificada();
    const options = JSON.parse(await opcoesDe(ana));
    expect(options).toMatchObject({
      rp: { id: 'exemplo.com', name: 'Plataforma de Reservas' },
      user: { name: ana.quem.email.toLowerCase(), displayName: ana.quem.nome },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      excludeCredentials: [],
      timeout: 300_000,
    });
    expect(options.pubKeyCredParams.map(({ alg }: { alg: number }) => alg)).toEqual([-8, -7, -257]);
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32);
    expect(Buffer.from(options.user.id, 'base64url').toString()).not.toContain(ana.id);
  });

  it('names the passkeys that are there, and their owner as before, at most ten (ASVS 7.5.1)', async () => {
    const ana = await comPasskey();
    const codigos = [...ana.codigosRecuperacao];
    const options = JSON.parse(await opcoesDe(ana, codigos.pop()));
    expect(options.excludeCredentials).toEqual([
      {
        id: ana.aparelho.credentialId.toString('base64url'),
        type: 'public-key',
        transports: ['hybrid', 'internal'],
      },
    ]);
    expect(options.user.id).toBe(ana.aparelho.userHandle);
    await auth.dataSource.query(
      `insert into passkeys (id, usuario_id, credencial, titular, chave_publica, nome, contador, transportes, sincronizavel,
         sincronizada, criada_em)
       select gen_random_uuid(), usuario_id, sha256(n::text::bytea || credencial), titular, chave_publica, nome, 0, '{}', false, false,
         criada_em
       from passkeys, generate_series(1, 9) as n where usuario_id = $1`,
      [ana.id],
    );
    expect((await rpc.passkeys.listPasskeys({}, as(ana.session))).passkeys).toHaveLength(10);
    expect(await failure(opcoesDe(ana, codigos.pop()))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'PASSKEY_LIMITE',
    });
  });

  it('asks for the password, for a verified address, and for the second factor when there is one (ASVS 7.5.1)', async () => {
    const ana = await verificada();
    const wrong = { quem: { password: 'outra senha' }, session: ana.session };
    expect((await failure(opcoesDe(wrong))).motivo).toBe('CREDENCIAIS_INVALIDAS');

    const nova = pessoa();
    await rpc.auth.signup(nova);
    const session = await rpc.auth.login(nova);
    expect((await failure(opcoesDe({ quem: nova, session }))).motivo).toBe('EMAIL_NAO_VERIFICADO');

    const eva = await protegida();
    const renewed = { ...eva, session: await rpc.auth.refresh({ refreshToken: eva.session.refreshToken }) };
    expect((await failure(opcoesDe(renewed))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(opcoesDe(renewed, eva.app.wrong()))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(STEP_MS);
    expect(JSON.parse(await opcoesDe(renewed, eva.app.code()))).toHaveProperty('challenge');

    const bia = await comPasskey();
    expect((await failure(opcoesDe(bia))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(opcoesDe(bia, '000000'))).motivo).toBe('MFA_CODIGO_INVALIDO');
    expect((await failure(opcoesDe(bia, `pk_${'A'.repeat(43)}`))).motivo).toBe('MFA_CODIGO_INVALIDO');
  });
});

describe('the end of a registration', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('takes a key for %s', async (algorithm) => {
    const ana = await verificada();
    const { passkey } = await registrar(ana, new VirtualAuthenticator({ algorithm }));
    expect(passkey).toMatchObject({ nome: 'Telefone', sincronizada: false });
    expect(passkey?.usadoEm).toBeUndefined();
  });

  it('switches the second factor on, answers recovery codes that end a login, and tells the owner', async () => {
    const ana = await comPasskey({ synced: true });
    expect((await rpc.users.getMe({}, as(ana.session))).mfaAtivo).toBe(true);
    expect(ana.codigosRecuperacao).toHaveLength(10);
    const login = await rpc.auth.login(ana.quem);
    expect([login.mfaRequired, login.accessToken]).toEqual([true, '']);
    const codigo = ana.codigosRecuperacao[0] ?? '';
    expect((await rpc.auth.verifyMfa({ mfaToken: login.mfaToken, codigo })).accessToken).not.toBe('');
    const avisos = await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', ana.id);
    expect(avisos[0]?.tipo).toBe('TIPO_AVISO_SEGURANCA_PASSKEY_ADICIONADA');
    const { passkeys } = await rpc.passkeys.listPasskeys({}, as(ana.session));
    expect(passkeys).toMatchObject([{ id: ana.passkeyId, nome: 'Telefone', sincronizada: true }]);
  });

  it('is no code of an app: what is guessed at a login is refused', async () => {
    const ana = await comPasskey();
    const mfaToken = await esperando(ana);
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: '123456' }))).motivo).toBe(
      'MFA_CODIGO_INVALIDO',
    );
  });

  it('brings no codes to an account that has some', async () => {
    const ana = await protegida();
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    clock.advance(STEP_MS);
    const { codigosRecuperacao } = await registrar(
      { ...ana, session },
      new VirtualAuthenticator(),
      ana.app.code(),
    );
    expect(codigosRecuperacao).toEqual([]);
  });

  it('ends every session but the one that it was done in (ASVS 7.4.3)', async () => {
    const ana = await verificada();
    const other = await rpc.auth.login(ana.quem);
    await registrar(ana, new VirtualAuthenticator());
    expect((await failure(rpc.users.getMe({}, as(other)))).code).toBe(Code.Unauthenticated);
    expect((await failure(rpc.users.getMe({}, as(ana.session)))).code).toBe(Code.Unauthenticated);
    const renewed = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    expect((await rpc.users.getMe({}, as(renewed))).id).toBe(ana.id);
  });

  it('answers the same call again with the same passkey and the same codes', async () => {
    const ana = await verificada();
    const resposta = new VirtualAuthenticator().create(await opcoesDe(ana));
    const request = { resposta, nome: 'Telefone' };
    const keyed = (session: { accessToken: string }) => ({
      headers: { ...as(session).headers, 'idempotency-key': 'uma-chave' },
    });
    const first = await rpc.passkeys.finishPasskeyRegistration(request, keyed(ana.session));
    const renewed = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const again = await rpc.passkeys.finishPasskeyRegistration(request, keyed(renewed));
    expect(again).toEqual(first);
    expect(again.codigosRecuperacao).toHaveLength(10);
  });

  it('keeps no secret, and what is stored is of no use elsewhere', async () => {
    const ana = await comPasskey();
    const [row] = await auth.dataSource.query('select * from passkeys where usuario_id = $1', [ana.id]);
    expect(row.titular.toString('base64url')).toBe(ana.aparelho.userHandle);
    expect(row.chave_publica.length).toBeLessThan(100);
  });
});

describe('a list of passkeys', () => {
  it('is of the caller alone', async () => {
    await comPasskey();
    const outra = await verificada();
    expect((await rpc.passkeys.listPasskeys({}, as(outra.session))).passkeys).toEqual([]);
  });
});

describe('a removal', () => {
  it('asks for password and second factor, and switches that off with the last one (ASVS 7.5.1)', async () => {
    const ana = await comPasskey();
    const [codigo = '', outro = ''] = ana.codigosRecuperacao;
    const request = { passkeyId: ana.passkeyId, password: ana.quem.password, codigo };
    const call = (changes: object) => rpc.passkeys.removePasskey({ ...request, ...changes }, as(ana.session));
    expect((await failure(call({ password: 'outra senha' }))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    expect((await failure(call({ codigo: '' }))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(call({ codigo: '000000' }))).motivo).toBe('MFA_CODIGO_INVALIDO');
    await call({});
    const login = await rpc.auth.login(ana.quem);
    expect([login.mfaRequired, login.accessToken === '']).toEqual([false, false]);
    expect((await rpc.users.getMe({}, as(login))).mfaAtivo).toBe(false);
    const codes = await auth.dataSource.query('select 1 from codigos_recuperacao where usuario_id = $1', [
      ana.id,
    ]);
    expect(codes).toEqual([]);
    expect(outro).not.toBe('');
    const avisos = await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', ana.id);
    expect(avisos.map(({ tipo }) => tipo)).toContain('TIPO_AVISO_SEGURANCA_PASSKEY_REMOVIDA');
  });

  it('leaves another factor and its codes alone', async () => {
    const ana = await comPasskey();
    const [primeiro = '', segundo = '', terceiro = ''] = ana.codigosRecuperacao;
    await registrar(ana, new VirtualAuthenticator(), primeiro);
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    await rpc.passkeys.removePasskey(
      { passkeyId: ana.passkeyId, password: ana.quem.password, codigo: segundo },
      as(session),
    );
    const { mfaToken } = await rpc.auth.login(ana.quem);
    expect((await rpc.auth.verifyMfa({ mfaToken, codigo: terceiro })).accessToken).not.toBe('');
  });

  it("of somebody else's passkey answers as of one that is not there", async () => {
    const [ana, eva] = [await comPasskey(), await comPasskey()];
    const [codigo = ''] = eva.codigosRecuperacao;
    const removal = (passkeyId: string) =>
      failure(
        rpc.passkeys.removePasskey({ passkeyId, password: eva.quem.password, codigo }, as(eva.session)),
      );
    const due = { code: Code.NotFound, motivo: 'PASSKEY_NAO_ENCONTRADA' };
    expect(await removal(ana.passkeyId)).toEqual(due);
    expect(await removal('nenhuma')).toEqual(due);
    expect((await rpc.passkeys.listPasskeys({}, as(ana.session))).passkeys).toHaveLength(1);
  });
});

describe('an authenticator app beside passkeys', () => {
  it('is set up with the second factor that is there, and new recovery codes take the place of the old', async () => {
    const ana = await comPasskey();
    const [codigo = '', velho = ''] = ana.codigosRecuperacao;
    const setup = (codigo: string) =>
      rpc.auth.setupMfa({ password: ana.quem.password, codigo }, as(ana.session));
    expect((await failure(setup(''))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    const { segredo } = await setup(codigo);
    const app = new Authenticator(segredo, clock);
    const { codigosRecuperacao } = await rpc.auth.activateMfa({ codigo: app.code() }, as(ana.session));
    const mfaToken = await esperando(ana);
    expect((await failure(rpc.auth.verifyMfa({ mfaToken, codigo: velho }))).motivo).toBe(
      'MFA_CODIGO_INVALIDO',
    );
    const session = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    const [novo = '', outro = ''] = codigosRecuperacao;
    await rpc.auth.disableMfa({ password: ana.quem.password, codigo: novo }, as(session));
    // Its codes stay, as there is a passkey yet.
    const token = await esperando(ana);
    expect((await rpc.auth.verifyMfa({ mfaToken: token, codigo: outro })).accessToken).not.toBe('');
    const renewed = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    const again = rpc.auth.disableMfa({ password: ana.quem.password, codigo: outro }, as(renewed));
    expect((await failure(again)).motivo).toBe('MFA_NAO_ATIVO');
  });
});
