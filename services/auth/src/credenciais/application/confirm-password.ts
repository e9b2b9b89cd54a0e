import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { CredenciaisInvalidasError, MuitasTentativasError, SenhaNecessariaError } from '../domain/recusa.ts';
import type { Attempts, PasswordHasher } from './ports.ts';

/** A person who is signed in says the password once more. */
export interface ConfirmPasswordCommand {
  readonly conta: {
    readonly id: string;
    readonly email: string;
    readonly emailVerificado: boolean;
    readonly senhaHash: string | null;
  };
  readonly senha: string;
  readonly origem: Origem;
  /** Name of the RPC that asks, for the record of a wrong one. */
  readonly chamada: string;
}

export type ConfirmRefused = CredenciaisInvalidasError | MuitasTentativasError | SenhaNecessariaError;

interface Deps {
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/**
 * Asks for the password before who gets into an account is changed: a session, however fresh, may be on a device that was
 * left or with a token that was copied. Guesses count like those at login. It takes a while, so it stands before the
 * transaction, which asks for the second factor (`SegundoFator`) when the account has one.
 */
export class ConfirmPassword {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    conta,
    senha,
    origem,
    chamada,
  }: ConfirmPasswordCommand): Promise<Result<void, ConfirmRefused>> {
    const { hasher, attempts, auditoria, clock } = this.#deps;
    const { endereco } = origem;
    // Whoever asks is signed in to the account, so they may hear what it is entered with.
    if (conta.senhaHash === null) return Result.fail(new SenhaNecessariaError());
    const attempt = { endereco, email: conta.email };
    const wait = await attempts.begin(attempt);
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const matches = await hasher.verify(conta.senhaHash, senha, endereco);
    if (!matches) {
      await auditoria.registrar({
        ...{ tipo: 'SENHA_CONFERIDA', resultado: 'RECUSADO', detalhe: chamada },
        ...{ autorId: conta.id, usuarioId: conta.id, origem, em: clock.now() },
      });
      return Result.fail(new CredenciaisInvalidasError());
    }
    await attempts.succeeded(attempt, conta.emailVerificado);
    return Result.ok(undefined);
  }
}
