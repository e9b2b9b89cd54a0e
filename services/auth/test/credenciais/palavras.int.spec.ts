import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { useMfa } from '../mfa/use-mfa.ts';
import { ADMIN, as, pessoa } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { rpc, newSession, protegida } = useMfa(clock);

/** What the person reads when the call is refused. */
const told = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => Promise.reject(new Error('the call was expected to fail')),
    (reason: unknown) => ConnectError.from(reason).rawMessage,
  );

const usuarioId = 'cli_x';

/** With a second factor, which has ended the access token that it was switched on with. */
async function comFator() {
  const { quem, session, codigosRecuperacao } = await protegida();
  return {
    quem,
    codigosRecuperacao,
    session: as(await rpc.auth.refresh({ refreshToken: session.refreshToken })),
  };
}

describe('who is signed in and asked for the password once more', () => {
  it.each([
    ['DeleteMe', (password: string, s: object) => rpc.users.deleteMe({ password }, s)],
    ['UpdateMe', (password: string, s: object) => rpc.users.updateMe({ email: 'x@y.com', password }, s)],
  ])('hears of the password alone, not of an address (%s)', async (_, call) => {
    const session = as(await newSession());
    expect(await told(call('outra senha', session))).toBe('Senha incorreta.');
    expect(await told(call('', session))).toBe('Informe a sua senha.');
  });

  it.each([
    ['DeleteUser', (password: string, s: object) => rpc.users.deleteUser({ usuarioId, password }, s)],
    ['ResetUserMfa', (password: string, s: object) => rpc.users.resetUserMfa({ usuarioId, password }, s)],
  ])('hears the same as an administrator (%s)', async (_, call) => {
    const session = as(await rpc.auth.login(ADMIN));
    expect(await told(call('outra senha', session))).toBe('Senha incorreta.');
    expect(await told(call('', session))).toBe('Informe a sua senha.');
  });

  it('hears at login of both as ever: nobody learns which of them it was', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const wrong = { ...quem, password: 'outra senha' };
    expect(await told(rpc.auth.login(wrong))).toBe('E-mail ou senha incorretos.');
    expect(await told(rpc.auth.login(pessoa()))).toBe('E-mail ou senha incorretos.');
  });
});

describe('who is refused', () => {
  it('reads of every kind of second factor when one is missing', async () => {
    const { quem, session } = await comFator();
    const said = await told(rpc.users.deleteMe({ password: quem.password }, session));
    for (const kind of ['aplicativo autenticador', 'código de recuperação', 'chave de acesso'])
      expect(said).toContain(kind);
  });

  it('reads that a recovery code does not count for new ones, be it a right one or not', async () => {
    const { quem, session, codigosRecuperacao } = await comFator();
    const renew = (codigo = '') =>
      told(rpc.auth.renewRecoveryCodes({ password: quem.password, codigo }, session));
    const said = await renew(codigosRecuperacao[0]);
    expect(said).toContain('Aqui um código de recuperação não serve.');
    expect(await renew('0000-0000-0000-0000-0000-0000')).toBe(said);
  });

  it('reads as an administrator what there is for their own account', async () => {
    const admin = as(await rpc.auth.login(ADMIN));
    const { id } = await rpc.users.getMe({}, admin);
    const own = { usuarioId: id, password: ADMIN.password };
    expect(await told(rpc.users.deleteUser(own, admin))).toContain('DELETE /api/v1/users/me');
    expect(await told(rpc.users.resetUserMfa(own, admin))).toContain('POST /api/v1/auth/mfa/disable');
  });

  it('reads which of several mails counts, whatever is wrong with the code', async () => {
    expect(await told(rpc.auth.verifyEmail({ codigo: 'cli_x.1.errado' }))).toBe(
      'Este código não confere ou já venceu. Use o código da mensagem mais recente.',
    );
  });
});
