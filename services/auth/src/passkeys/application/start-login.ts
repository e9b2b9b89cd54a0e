import { Result } from '@plataforma/domain/result';
import type { Attempts } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { MfaTokenInvalidoError } from '../../fatores/domain/recusa.ts';
import type { WaitingLogins } from '../../mfa/application/ports.ts';
import { PasskeyNaoEncontradaError } from '../domain/recusa.ts';
import type { ConsultaDePasskeys, Desafios, WebAuthn } from './ports.ts';

export interface StartLoginCommand {
  /** Of the login that waits for its second factor; empty for a login by passkey alone. */
  readonly mfaToken: string;
  /** Network address of the client. */
  readonly endereco: string;
}

type StartRefused = MuitasTentativasError | MfaTokenInvalidoError | PasskeyNaoEncontradaError;

interface Deps {
  readonly passkeys: ConsultaDePasskeys;
  readonly logins: Pick<WaitingLogins, 'look'>;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly webauthn: WebAuthn;
  readonly desafios: Desafios;
}

/** Begins a login by passkey. Only who has proved the password of an account is told which passkeys it has. */
export class StartLoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers what the browser needs, as JSON. */
  async execute({ mfaToken, endereco }: StartLoginCommand): Promise<Result<string, StartRefused>> {
    const { attempts, webauthn, desafios } = this.#deps;
    // A challenge takes up room for a while, and anybody may ask for one.
    const wait = await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    if (mfaToken !== '') return this.#segundoFator(mfaToken);
    const desafio = await desafios.open({ finalidade: 'LOGIN' });
    return Result.ok(await webauthn.opcoesDeLogin({ desafio, unica: true }));
  }

  async #segundoFator(mfaToken: string): Promise<Result<string, StartRefused>> {
    const { passkeys, logins, webauthn, desafios } = this.#deps;
    const login = await logins.look(mfaToken);
    if (!login) return Result.fail(new MfaTokenInvalidoError());
    const { usuarioId } = login;
    const permitidas = (await passkeys.doUsuario(usuarioId)).map(({ estado }) => estado);
    if (permitidas.length === 0) return Result.fail(new PasskeyNaoEncontradaError());
    const desafio = await desafios.open({ finalidade: 'SEGUNDO_FATOR', usuarioId });
    return Result.ok(await webauthn.opcoesDeLogin({ desafio, permitidas, unica: false }));
  }
}
