import { Result } from '@plataforma/domain/result';
import { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import { administraAtivo, type Usuario } from '../domain/usuario.ts';
import type { ConsultaDeUsuarios } from './ports.ts';

export interface GetUserQuery {
  readonly solicitante: Usuario;
  /** Whether the caller's session stands for an administrator. */
  readonly administra: boolean;
  readonly usuarioId: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
}

/** An account, for its owner and for administrators; to others every other account looks as if it were not there. */
export class GetUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    solicitante,
    administra,
    usuarioId,
  }: GetUserQuery): Promise<Result<Usuario, UsuarioNaoEncontradoError>> {
    if (usuarioId === solicitante.estado.id) return Result.ok(solicitante);
    const pode = administra && administraAtivo(solicitante.estado);
    const usuario = pode ? await this.#deps.consulta.findById(usuarioId) : undefined;
    return usuario ? Result.ok(usuario) : Result.fail(new UsuarioNaoEncontradoError());
  }
}
