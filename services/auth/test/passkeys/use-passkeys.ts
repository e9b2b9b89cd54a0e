import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { useMfa } from '../mfa/use-mfa.ts';
import type { AuthSettings } from '../support/auth-under-test.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa } from '../support/use-auth.ts';
import { type Device, type Lies, VirtualAuthenticator } from '../support/virtual-authenticator.ts';

/** A person whose account has a passkey. */
export type ComPasskey = Awaited<ReturnType<ReturnType<typeof usePasskeys>['comPasskey']>>;

interface Dono {
  readonly quem: { readonly password: string };
  readonly session: { readonly accessToken: string };
}

/** auth for the specs of a file, with people who have devices. */
export function usePasskeys(clock: FixedClock, settings: AuthSettings = {}) {
  const { auth, rpc, ...others } = useMfa(clock, settings);

  /** Signed up, verified and logged in. */
  async function verificada() {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    return { quem, id, session: await rpc.auth.login(quem) };
  }

  /** What a device needs to make a passkey for the account. */
  async function opcoesDe({ quem, session }: Dono, codigo = ''): Promise<string> {
    const request = { password: quem.password, codigo };
    return (await rpc.passkeys.startPasskeyRegistration(request, as(session))).opcoes;
  }

  /** Registers the device, whose owner has a session that goes on. */
  async function registrar(dono: Dono, device: VirtualAuthenticator, codigo = '', lies: Lies = {}) {
    const resposta = device.create(await opcoesDe(dono, codigo), lies);
    return rpc.passkeys.finishPasskeyRegistration({ resposta, nome: 'Telefone' }, as(dono.session));
  }

  /** With a passkey as the only factor beside the password. */
  async function comPasskey(device: Device = {}) {
    const pessoa = await verificada();
    const aparelho = new VirtualAuthenticator(device);
    const { passkey, codigosRecuperacao } = await registrar(pessoa, aparelho);
    const session = await rpc.auth.refresh({ refreshToken: pessoa.session.refreshToken });
    return { ...pessoa, aparelho, passkeyId: passkey?.id ?? '', codigosRecuperacao, session };
  }

  return { auth, rpc, ...others, verificada, opcoesDe, registrar, comPasskey };
}
