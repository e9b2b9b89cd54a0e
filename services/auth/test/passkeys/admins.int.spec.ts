import { Code } from '@connectrpc/connect';
import { expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt } from 'jose';
import { ADMIN, as, failure } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { usePasskeys } from './use-passkeys.ts';

const clock = new FixedClock(new Date().toISOString());
const { rpc, registrar } = usePasskeys(clock, { mfaRequiredForAdmins: true, credentialsPerMinute: 20 });

const papeis = ({ accessToken }: { accessToken: string }) => decodeJwt(accessToken).papeis;

it('a passkey is the second factor that administrators need, alone or after the password', async () => {
  const without = await rpc.auth.login(ADMIN);
  expect(papeis(without)).toEqual(['CLIENTE']);
  const aparelho = new VirtualAuthenticator();
  await registrar({ quem: ADMIN, session: without }, aparelho);
  // The session has proved the password alone, whatever the account has become.
  const renewed = await rpc.auth.refresh({ refreshToken: without.refreshToken });
  expect([renewed.mfaSetupRequired, papeis(renewed)]).toEqual([true, ['CLIENTE']]);

  const { mfaToken } = await rpc.auth.login(ADMIN);
  for (const token of [mfaToken, '']) {
    const { opcoes } = await rpc.passkeys.startPasskeyLogin({ mfaToken: token });
    const resposta = aparelho.get(opcoes);
    const session = await rpc.passkeys.finishPasskeyLogin({ resposta, mfaToken: token });
    expect([session.mfaSetupRequired, papeis(session)]).toEqual([false, ['ADMIN']]);
    expect((await rpc.audit.listSecurityEvents({}, as(session))).eventos.length).toBeGreaterThan(0);
  }
});

it('challenges of one network address are counted among its attempts with passwords', async () => {
  const told = await Promise.all(
    Array.from({ length: 30 }, () =>
      rpc.passkeys.startPasskeyLogin({}).then(
        () => undefined,
        () => 'REFUSED',
      ),
    ),
  );
  expect(told.filter((each) => each === 'REFUSED').length).toBeGreaterThanOrEqual(10);
  expect(await failure(rpc.passkeys.startPasskeyLogin({}))).toEqual({
    code: Code.ResourceExhausted,
    motivo: 'MUITAS_TENTATIVAS',
  });
});
