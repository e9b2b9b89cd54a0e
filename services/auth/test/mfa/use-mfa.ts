import type { FixedClock } from '@plataforma/testing/fixed-clock';
import type { AuthSettings } from '../support/auth-under-test.ts';
import { Authenticator } from '../support/authenticator.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa, useAuth } from '../support/use-auth.ts';

export const STEP_MS = 30_000;

/** A person whose account has a second factor. */
export type Protegida = Awaited<ReturnType<ReturnType<typeof useMfa>['protegida']>>;

/** auth for the specs of a file, with people who have a second factor. */
export function useMfa(clock: FixedClock, settings: AuthSettings = {}) {
  const { auth, rpc, ...others } = useAuth({ clock, ...settings });

  /** Signed up and logged in, with a set-up that waits for its first code. */
  async function configurada() {
    const quem = pessoa();
    const usuario = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, usuario.id);
    const session = await rpc.auth.login(quem);
    const setup = await rpc.auth.setupMfa({ password: quem.password }, as(session));
    return { quem, id: usuario.id, session, setup, app: new Authenticator(setup.segredo, clock) };
  }

  /** With an active factor; the code of the present step is used up. */
  async function protegida() {
    const pessoa = await configurada();
    const { app, session } = pessoa;
    const { codigosRecuperacao } = await rpc.auth.activateMfa({ codigo: app.code() }, as(session));
    return { ...pessoa, codigosRecuperacao };
  }

  /** The token of a login that waits for the second factor. */
  async function esperando({ quem }: Pick<Protegida, 'quem'>): Promise<string> {
    const { mfaToken } = await rpc.auth.login(quem);
    return mfaToken;
  }

  return { auth, rpc, ...others, configurada, protegida, esperando };
}
