import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { UltimoAdminError, type UsuarioNaoEncontradoError } from '../../domain/errors.ts';
import { administraAtivo, type MudancaUsuario, type Usuario } from '../../domain/usuario.ts';
import type { UsuariosRepository } from '../ports.ts';

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly clock: Clock;
}

/** Changes somebody's account. New roles are in the next access token; a suspended account gets no other one. */
export class UpdateUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(
    usuarioId: string,
    mudanca: MudancaUsuario,
  ): Promise<Result<Usuario, UsuarioNaoEncontradoError | UltimoAdminError>> {
    const { usuarios, clock } = this.#deps;
    return usuarios.change(usuarioId, (usuario, outrosAdmins) => {
      const era = administraAtivo(usuario.estado);
      usuario.atualizar(mudanca, clock.now());
      const deixou = era && !administraAtivo(usuario.estado);
      return deixou && outrosAdmins === 0 ? Result.fail(new UltimoAdminError()) : Result.ok(undefined);
    });
  }
}
