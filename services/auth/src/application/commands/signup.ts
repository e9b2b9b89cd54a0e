import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import { EmailJaCadastradoError, type SenhaFracaError } from '../../domain/errors.ts';
import { validarSenha } from '../../domain/senha.ts';
import { type Papel, Usuario } from '../../domain/usuario.ts';
import type { PasswordHasher, UsuariosRepository } from '../ports.ts';

/** Opens an account. */
export interface SignupCommand {
  readonly nome: string;
  readonly email: string;
  readonly senha: string;
  readonly papeis: readonly Papel[];
}

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly hasher: PasswordHasher;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** A lost id counter may give out numbers again; this many in a row would be another problem. */
const MAX_ID_ATTEMPTS = 5;

export class SignupHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SignupCommand): Promise<Result<Usuario, SenhaFracaError | EmailJaCadastradoError>> {
    const { usuarios, hasher, ids, clock } = this.#deps;
    const senha = validarSenha(command.senha, command);
    if (senha.isFailure) return senha;
    const senhaHash = await hasher.hash(command.senha);
    for (let attempt = 0; attempt < MAX_ID_ATTEMPTS; attempt++) {
      const id = await ids.next('cli');
      const usuario = Usuario.registrar({ ...command, id, senhaHash, em: clock.now() });
      const outcome = await usuarios.insert(usuario);
      if (outcome === 'ok') return Result.ok(usuario);
      if (outcome === 'email-taken') return Result.fail(new EmailJaCadastradoError());
    }
    throw new Error(`${MAX_ID_ATTEMPTS} ids in a row were taken`);
  }
}
