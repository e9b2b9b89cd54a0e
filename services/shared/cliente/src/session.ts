import { AuthService, type LoginResponse } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { type Credentials, type Grant, RenewedToken } from './credentials.ts';
import { ErroDaPlataforma } from './erro.ts';
import type { Plataforma } from './plataforma.ts';

/** Who logs in. */
export interface Login {
  readonly email: string;
  readonly password: string;
  /** Asked for the second factor, where the account has one: six digits of the app, or a recovery code. */
  readonly codigo?: () => string | Promise<string>;
}

/** What a session goes on with later, or elsewhere. */
export interface SessionOptions {
  readonly refreshToken: string;
  /** Told of each refresh token that takes the place of the last one, before it is used: a session that is to outlive the program keeps it. */
  readonly onRefreshToken?: (refreshToken: string) => void | Promise<void>;
}

/**
 * Begins a session.
 *
 * @throws ErroDaPlataforma `MFA_CODIGO_NECESSARIO` for an account with a second factor when `codigo` is missing.
 */
export async function login(
  plataforma: Plataforma,
  { email, password, codigo }: Login,
  onRefreshToken?: SessionOptions['onRefreshToken'],
): Promise<Session> {
  const auth = plataforma.client(AuthService);
  let answer = await auth.login({ email, password });
  if (answer.mfaRequired) {
    if (codigo === undefined) throw codeMissing();
    answer = await auth.verifyMfa({ mfaToken: answer.mfaToken, codigo: await codigo() });
  }
  await onRefreshToken?.(answer.refreshToken);
  const { refreshToken } = answer;
  return new Session(plataforma, { refreshToken, ...(onRefreshToken && { onRefreshToken }) }, answer);
}

function codeMissing(): ErroDaPlataforma {
  return new ErroDaPlataforma('Informe o código do segundo fator.', {
    code: 'unauthenticated',
    reason: 'MFA_CODIGO_NECESSARIO',
  });
}

/** A session of a person. It is renewed while it is used, by one call at a time: each refresh token works once. */
export class Session implements Credentials {
  readonly #plataforma: Plataforma;
  readonly #onRefreshToken: SessionOptions['onRefreshToken'];
  readonly #access: RenewedToken;
  #refreshToken: string;
  #over: ErroDaPlataforma | undefined;

  /** Goes on with a session that was begun before; the first call renews it. */
  constructor(plataforma: Plataforma, { refreshToken, onRefreshToken }: SessionOptions, first?: Grant) {
    this.#plataforma = plataforma;
    this.#refreshToken = refreshToken;
    this.#onRefreshToken = onRefreshToken;
    this.#access = new RenewedToken(() => this.#renew(), first);
  }

  token(): Promise<string> {
    return this.#access.token();
  }

  replace(refused: string): Promise<string> {
    return this.#access.replace(refused);
  }

  /** Logs out: what the session has given ends to work. Ending an ended one succeeds. */
  async end(): Promise<void> {
    if (this.#over) return;
    const auth = this.#plataforma.as(this.#access).client(AuthService);
    await auth.logout({ refreshToken: this.#refreshToken });
    this.#over = new ErroDaPlataforma('A sessão foi encerrada.', { code: 'unauthenticated' });
  }

  /** A session whose token was refused stays over: asking again would look like a theft. */
  async #renew(): Promise<LoginResponse> {
    if (this.#over) throw this.#over;
    const auth = this.#plataforma.client(AuthService);
    try {
      const answer = await auth.refresh({ refreshToken: this.#refreshToken });
      this.#refreshToken = answer.refreshToken;
      await this.#onRefreshToken?.(answer.refreshToken);
      return answer;
    } catch (error) {
      if (error instanceof ErroDaPlataforma && error.reason?.startsWith('TOKEN_RENOVACAO_'))
        this.#over = error;
      throw error;
    }
  }
}
