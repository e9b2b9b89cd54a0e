import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import {
  EmailJaCadastradoError,
  MuitasTentativasError,
  type NomeInvalidoError,
  type SenhaFracaError,
} from '../../domain/errors.ts';
import { validarSenha } from '../../domain/senha.ts';
import { normalizarEmail, type Papel, Usuario } from '../../domain/usuario.ts';
import type { Attempts, CodigosDeEmail, PasswordHasher, UsuariosRepository } from '../ports.ts';

/** Opens an account. */
export interface SignupCommand {
  readonly nome: string;
  readonly email: string;
  readonly senha: string;
  readonly papeis: readonly Papel[];
  /** For an address that needs no proof. */
  readonly emailVerificado?: boolean;
  /** Network address of the client; nobody's when the installation makes the account itself. */
  readonly endereco?: string;
}

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly hasher: PasswordHasher;
  readonly codigos: CodigosDeEmail;
  readonly attempts: Attempts;
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

  async execute(
    command: SignupCommand,
  ): Promise<
    Result<Usuario, SenhaFracaError | EmailJaCadastradoError | MuitasTentativasError | NomeInvalidoError>
  > {
    const { usuarios, hasher, ids, attempts } = this.#deps;
    const senha = validarSenha(command.senha, command);
    if (senha.isFailure) return senha;
    const { endereco } = command;
    const wait = endereco === undefined ? 0 : await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const senhaHash = await hasher.hash(command.senha, endereco ?? '');
    for (let attempt = 0; attempt < MAX_ID_ATTEMPTS; attempt++) {
      const id = await ids.next('cli');
      const registrado = this.#registrar(command, id, senhaHash);
      if (registrado.isFailure) return registrado;
      const usuario = registrado.value;
      const outcome = await usuarios.insert(usuario);
      if (outcome === 'ok') return Result.ok(usuario);
      if (outcome === 'email-taken') return Result.fail(new EmailJaCadastradoError());
    }
    throw new Error(`${MAX_ID_ATTEMPTS} ids in a row were taken`);
  }

  #registrar(command: SignupCommand, id: string, senhaHash: string): Result<Usuario, NomeInvalidoError> {
    const { codigos, clock } = this.#deps;
    const em = clock.now();
    const conta = { usuarioId: id, email: normalizarEmail(command.email) };
    const codigoVerificacao = command.emailVerificado ? undefined : codigos.emitir(conta, em);
    return Usuario.registrar({ ...command, id, senhaHash, codigoVerificacao, em });
  }
}
