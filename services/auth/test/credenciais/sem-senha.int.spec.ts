import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { useGoogle } from '../google/use-google.ts';
import { Authenticator } from '../support/authenticator.ts';
import { as, failure } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc, entra } = useGoogle({ clock });

const MINUTE_MS = 60_000;
const password = '';

/** Logged in eleven minutes ago; the token is of now. */
async function envelhecida({ refreshToken }: { refreshToken: string }) {
  clock.advance(7 * MINUTE_MS);
  const { accessToken } = await rpc.auth.refresh({ refreshToken });
  clock.advance(4 * MINUTE_MS);
  return as({ accessToken });
}

const juvenescer = () => clock.advance(-11 * MINUTE_MS);

it('an account with neither password nor second factor is asked for a login of just now, by every call (ASVS 7.5.1)', async () => {
  const { session } = await entra();
  const velha = await envelhecida(session);
  const recente = { code: Code.Unauthenticated, motivo: 'LOGIN_RECENTE_NECESSARIO' };
  const calls = [
    () => rpc.auth.setupMfa({ password }, velha),
    () => rpc.passkeys.startPasskeyRegistration({ password }, velha),
    () => rpc.exports.requestExport({ password }, velha),
    () => rpc.users.updateMe({ password, email: 'outro.endereco@exemplo.com' }, velha),
    () => rpc.users.deleteMe({ password }, velha),
  ];
  const told = [];
  for (const call of calls) told.push(await failure(call()));
  juvenescer();
  expect(told).toEqual(calls.map(() => recente));
  const nova = as((await entra()).session);
  expect((await rpc.auth.setupMfa({ password }, nova)).segredo).not.toBe('');
  expect((await rpc.passkeys.startPasskeyRegistration({ password }, nova)).opcoes).not.toBe('');
  expect((await rpc.exports.requestExport({ password }, nova)).id).not.toBe('');
});

it('with a second factor alone it is asked for that, however old its login is', async () => {
  const { session } = await entra();
  const { segredo } = await rpc.auth.setupMfa({ password }, as(session));
  const app = new Authenticator(segredo, clock);
  const { codigosRecuperacao } = await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
  const velha = await envelhecida(session);
  const needed = { code: Code.Unauthenticated, motivo: 'MFA_CODIGO_NECESSARIO' };
  const [codigo = '', outro = ''] = codigosRecuperacao;
  expect(await failure(rpc.exports.requestExport({ password }, velha))).toEqual(needed);
  expect(await failure(rpc.passkeys.startPasskeyRegistration({ password }, velha))).toEqual(needed);
  const guess = rpc.auth.disableMfa({ password, codigo: app.wrong() }, velha);
  expect((await failure(guess)).motivo).toBe('MFA_CODIGO_INVALIDO');
  await rpc.exports.requestExport({ password, codigo }, velha);
  await rpc.auth.disableMfa({ password, codigo: outro }, velha);
  juvenescer();
});

it('adds a passkey, and removes it by that passkey', async () => {
  const { session } = await entra();
  const aparelho = new VirtualAuthenticator();
  const { opcoes } = await rpc.passkeys.startPasskeyRegistration({ password }, as(session));
  const resposta = aparelho.create(opcoes);
  const { passkey } = await rpc.passkeys.finishPasskeyRegistration({ resposta, nome: 'a' }, as(session));
  const renewed = as(await rpc.auth.refresh({ refreshToken: session.refreshToken }));
  const prova = await rpc.passkeys.startPasskeyProof({}, renewed);
  const answer = { resposta: aparelho.get(prova.opcoes) };
  const { codigo } = await rpc.passkeys.finishPasskeyProof(answer, renewed);
  await rpc.passkeys.removePasskey({ passkeyId: passkey?.id ?? '', password, codigo }, renewed);
  const login = await rpc.auth.refresh({ refreshToken: session.refreshToken });
  expect((await rpc.passkeys.listPasskeys({}, as(login))).passkeys).toEqual([]);
});

describe('a passkey that is all that an account has', () => {
  /** What its owner gets for a signature of the device. */
  async function provar(session: { accessToken: string }, aparelho: VirtualAuthenticator) {
    const { opcoes } = await rpc.passkeys.startPasskeyProof({}, as(session));
    const resposta = aparelho.get(opcoes);
    return { opcoes, proof: () => rpc.passkeys.finishPasskeyProof({ resposta }, as(session)) };
  }

  it.each([
    ['proves nothing by a device that has verified nobody, as at a login (ASVS 7.5.1)', null, 'required'],
    ['proves it beside a password, whoever holds the device', 'senha', 'preferred'],
  ])('%s', async (_, senha, userVerification) => {
    const { session, usuario } = await entra();
    const aparelho = new VirtualAuthenticator({ verifies: false });
    const { opcoes } = await rpc.passkeys.startPasskeyRegistration({ password }, as(session));
    await rpc.passkeys.finishPasskeyRegistration(
      { resposta: aparelho.create(opcoes), nome: 'a' },
      as(session),
    );
    const hash = `(select senha_hash from usuarios where senha_hash is not null limit 1)`;
    if (senha !== null)
      await auth.dataSource.query(`update usuarios set senha_hash = ${hash} where id = $1`, [usuario.id]);
    const renewed = await rpc.auth.refresh({ refreshToken: session.refreshToken });
    const asked = await provar(renewed, aparelho);
    expect(JSON.parse(asked.opcoes)).toMatchObject({ userVerification });
    if (senha !== null) expect((await asked.proof()).codigo).not.toBe('');
    else expect((await failure(asked.proof())).motivo).toBe('PASSKEY_LOGIN_INVALIDO');
  });
});

it('a password that is there is always asked for, also just after a login with Google', async () => {
  const { session, usuario } = await entra();
  const dona = await auth.dataSource.query('select senha_hash from usuarios where senha_hash is not null');
  await auth.dataSource.query('update usuarios set senha_hash = $2 where id = $1', [
    ...[usuario.id, dona[0].senha_hash],
  ]);
  const wrong = { code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' };
  for (const tried of ['', 'outra senha'])
    expect(await failure(rpc.auth.setupMfa({ password: tried }, as(session)))).toEqual(wrong);
  expect(await failure(rpc.passkeys.startPasskeyRegistration({ password }, as(session)))).toEqual(wrong);
  expect(await failure(rpc.exports.requestExport({ password }, as(session)))).toEqual(wrong);
});

it('where a password is what the call is about, its owner hears that there is none', async () => {
  const { session } = await entra();
  const missing = { code: Code.FailedPrecondition, motivo: 'SENHA_NECESSARIA' };
  const change = { currentPassword: 'qualquer', newPassword: 'outras palavras sem sentido' };
  expect(await failure(rpc.auth.changePassword(change, as(session)))).toEqual(missing);
  expect(await failure(rpc.auth.unlinkGoogle({ password: 'qualquer' }, as(session)))).toEqual(missing);
});
