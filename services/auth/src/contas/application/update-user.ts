import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import {
  AcessoNegadoError,
  type NomeInvalidoError,
  UltimoAdminError,
  type UsuarioNaoEncontradoError,
} from '../domain/recusa.ts';
import { administraAtivo, type MudancaUsuario, sessaoVale, type Usuario } from '../domain/usuario.ts';
import type { UsuariosRepository } from './ports.ts';

/** An administrator, as their token says, changes somebody's account. */
export interface UpdateUserCommand {
  readonly autorId: string;
  /** Generation of the author's sessions that the token belongs to. */
  readonly geracao: number;
  readonly usuarioId: string;
  readonly mudanca: MudancaUsuario;
}

type UpdateRefused = AcessoNegadoError | UltimoAdminError | NomeInvalidoError;

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly clock: Clock;
}

/**
 * Changes somebody's account. Whether the author still is an administrator is asked again under the lock that the
 * change holds: of two who demote each other at once, the second one no longer is.
 */
export class UpdateUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({
    autorId,
    geracao,
    usuarioId,
    mudanca,
  }: UpdateUserCommand): Promise<Result<Usuario, UpdateRefused | UsuarioNaoEncontradoError>> {
    const { usuarios, clock } = this.#deps;
    return usuarios.change<UpdateRefused>(usuarioId, autorId, (usuario, { autor, outrosAdmins }) => {
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode) return Result.fail(new AcessoNegadoError());
      const atualizado = usuario.atualizar(mudanca, clock.now());
      if (atualizado.isFailure) return atualizado;
      // The author is one of the others, unless it is their own account.
      const algumAdmin = outrosAdmins > 0 || administraAtivo(usuario.estado);
      return algumAdmin ? Result.ok(undefined) : Result.fail(new UltimoAdminError());
    });
  }
}
