import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { CodigoEmailInvalidoError } from '../domain/recusa.ts';
import type { Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, UsuariosRepository } from './ports.ts';

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly codigos: CodigosDeEmail;
  readonly clock: Clock;
}

/** Takes a code that was sent to an address as the proof that its account can read what is sent there. */
export class VerifyEmailHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(codigo: string): Promise<Result<void, CodigoEmailInvalidoError>> {
    const { usuarios, codigos, clock } = this.#deps;
    const em = clock.now();
    const confere = ({ estado: { id, email } }: Usuario) =>
      codigos.confere(codigo, { usuarioId: id, email }, em)
        ? Result.ok(undefined)
        : Result.fail(new CodigoEmailInvalidoError());
    const usuarioId = codigos.conta(codigo);
    const usuario = usuarioId === undefined ? undefined : await usuarios.findById(usuarioId);
    // Changing accounts takes a lock, which is not for anybody who makes a code up.
    if (!usuario || confere(usuario).isFailure) return Result.fail(new CodigoEmailInvalidoError());
    const changed = await usuarios.change(usuario.estado.id, undefined, (atual) => {
      const valido = confere(atual);
      if (valido.isSuccess) atual.verificarEmail(em);
      return valido;
    });
    // Whether an account exists is nobody's business.
    return changed.isSuccess ? Result.ok(undefined) : Result.fail(new CodigoEmailInvalidoError());
  }
}
