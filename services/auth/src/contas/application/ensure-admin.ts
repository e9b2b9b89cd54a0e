import type { ConsultaDeUsuarios } from './ports.ts';
import type { SignupHandler } from './signup.ts';

/** As the operator configured them. */
export interface EnsureAdminCommand {
  readonly email: string;
  readonly senha: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly signup: SignupHandler;
}

/**
 * Makes the first administrator of an empty installation. Does nothing once there is one, whatever their e-mail, so
 * changing the configured password later changes no account.
 */
export class EnsureAdminHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws Error when the configured e-mail or password cannot be used. */
  async execute(command: EnsureAdminCommand): Promise<'created' | 'exists'> {
    const { consulta, signup } = this.#deps;
    if (await consulta.existeCom('ADMIN')) return 'exists';
    const outcome = await signup.execute({
      ...command,
      nome: 'Administração',
      papeis: ['ADMIN'],
      // The operator wrote it down.
      emailVerificado: true,
    });
    if (outcome.isSuccess) return 'created';
    // Another replica that starts at the same time may have been faster.
    if (await consulta.existeCom('ADMIN')) return 'exists';
    throw new Error(`the first administrator cannot be made: ${outcome.error.message}`, {
      cause: outcome.error,
    });
  }
}
