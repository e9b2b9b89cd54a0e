import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { conhecido } from '../domain/aparelho.ts';
import { loginRecente } from '../domain/login-recente.ts';
import {
  LoginRecenteNecessarioError,
  MuitasTentativasError,
  SenhaAusenteError,
  SenhaIncorretaError,
  SenhaNecessariaError,
} from '../domain/recusa.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { Attempts, Devices, PasswordHasher } from './ports.ts';

/** A person who is signed in says the password once more. */
export interface ConfirmPasswordCommand {
  readonly conta: {
    readonly id: string;
    readonly email: string;
    readonly emailVerificado: boolean;
    readonly senhaHash: string | null;
    readonly geracaoSenha: number;
  };
  readonly senha: string;
  readonly origem: Origem;
  /** Name of the RPC that asks, for the record of a wrong one. */
  readonly chamada: string;
}

/** A person who is signed in shows once more that the account is theirs. */
export interface ConfirmOwnerCommand extends ConfirmPasswordCommand {
  readonly conta: ConfirmPasswordCommand['conta'] & { readonly mfaAtivo: boolean };
  /** When they logged in, as their token says; one from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
}

type PasswordWrong = SenhaAusenteError | SenhaIncorretaError | MuitasTentativasError;
export type PasswordRefused = PasswordWrong | SenhaNecessariaError;
export type OwnerRefused = PasswordWrong | LoginRecenteNecessarioError;

interface Deps {
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly devices: Pick<Devices, 'recognise' | 'dono'>;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/**
 * Asks who somebody is before who gets into an account is changed, or what it holds is handed out: a session, however
 * fresh, may be on a device that was left or with a token that was copied. A password takes a while, so this stands before
 * the transaction, which asks for the second factor (`SegundoFator`) when the account has one, and whether the caller's
 * session still holds: it does not when the account got a password or lost its factor since it was read.
 */
export class ConfirmOwner {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * By the password that the account has. Without one by its second factor, for which the transaction asks, and without
   * that, too, by a login of just now.
   */
  async execute(command: ConfirmOwnerCommand): Promise<Result<void, OwnerRefused>> {
    const { conta, autenticadoEm } = command;
    if (conta.senhaHash !== null) return this.#verify(conta.senhaHash, command);
    const enough = conta.mfaAtivo || loginRecente(autenticadoEm, this.#deps.clock.now());
    return enough ? Result.ok(undefined) : Result.fail(new LoginRecenteNecessarioError());
  }

  /** By a password alone, where it is what the call is about. Whoever asks is signed in, so they may hear that there is none. */
  async byPassword(command: ConfirmPasswordCommand): Promise<Result<void, PasswordRefused>> {
    const { senhaHash } = command.conta;
    return senhaHash === null ? Result.fail(new SenhaNecessariaError()) : this.#verify(senhaHash, command);
  }

  /** Guesses count like those at login, of a device that is known there apart from those of its network; nothing is no guess. */
  async #verify(
    senhaHash: string,
    { conta, senha, origem, chamada }: ConfirmPasswordCommand,
  ): Promise<Result<void, PasswordWrong>> {
    const { hasher, attempts, devices, auditoria, clock } = this.#deps;
    if (senha === '') return Result.fail(new SenhaAusenteError());
    const { endereco } = origem;
    const aparelho = conhecido(devices.recognise(origem.aparelho, conta.email), devices.dono(conta));
    const { attempt, wait, quem } = await beginAttempt(attempts, { endereco, email: conta.email, aparelho });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const matches = await hasher.verify(senhaHash, senha, quem);
    if (!matches) {
      await auditoria.registrar({
        ...{ tipo: 'SENHA_CONFERIDA', resultado: 'RECUSADO', detalhe: chamada },
        ...{ autorId: conta.id, usuarioId: conta.id, origem, em: clock.now() },
      });
      return Result.fail(new SenhaIncorretaError());
    }
    await attempts.succeeded(attempt, conta.emailVerificado);
    return Result.ok(undefined);
  }
}
