import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PasswordHasher, PasswordPolicy } from '../../credenciais/application/ports.ts';
import { Usuario } from '../domain/usuario.ts';
import { type ConsultaDeUsuarios, EmailDeOutraContaError, type Transacao } from './ports.ts';

/** As the operator configured them. */
export interface EnsureAdminCommand {
  readonly email: string;
  readonly senha: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

const NOME = 'Administração';

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
    const { consulta, policy } = this.#deps;
    if (await consulta.existeCom('ADMIN')) return 'exists';
    const senha = policy.check(command.senha, { ...command, nome: NOME });
    const outcome = senha.isFailure ? senha : await this.#open(command);
    if (outcome.isSuccess) return 'created';
    // Another replica that starts at the same time may have been faster.
    if (await consulta.existeCom('ADMIN')) return 'exists';
    throw new Error(`the first administrator cannot be made: ${outcome.error.message}`, {
      cause: outcome.error,
    });
  }

  async #open({ email, senha }: EnsureAdminCommand): Promise<Result<void, Error>> {
    const { uow, hasher, ids, clock } = this.#deps;
    const senhaHash = await hasher.hash(senha, '');
    try {
      return await withNewId(ids, 'cli', (id) =>
        uow.run(async ({ usuarios }) => {
          // The operator wrote the address down: it needs no proof.
          const conta = { id, nome: NOME, email, senhaHash, codigoVerificacao: undefined, em: clock.now() };
          const registrado = Usuario.registrar({ ...conta, papeis: ['ADMIN'] });
          if (registrado.isFailure) return registrado;
          await usuarios.add(registrado.value);
          return Result.ok(undefined);
        }),
      );
    } catch (error) {
      if (error instanceof EmailDeOutraContaError) return Result.fail(error);
      throw error;
    }
  }
}
