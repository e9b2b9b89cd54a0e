import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import { administraAtivo, type Usuario } from '../domain/usuario.ts';
import type { ConsultaDeUsuarios } from './ports.ts';

export interface GetUserQuery {
  readonly solicitante: Usuario;
  /** Whether the caller's session stands for an administrator. */
  readonly administra: boolean;
  readonly origem: Origem;
  readonly usuarioId: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/**
 * An account, for its owner and for administrators; to others every other account looks as if it were not there. That an
 * administrator has looked is recorded.
 */
export class GetUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    solicitante,
    administra,
    usuarioId,
    origem,
  }: GetUserQuery): Promise<Result<Usuario, UsuarioNaoEncontradoError>> {
    if (usuarioId === solicitante.estado.id) return Result.ok(solicitante);
    const { consulta, auditoria, clock } = this.#deps;
    const pode = administra && administraAtivo(solicitante.estado);
    const usuario = pode ? await consulta.findById(usuarioId) : undefined;
    if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
    await auditoria.registrar({
      ...{ tipo: 'DADOS_CONSULTADOS', resultado: 'FEITO', detalhe: 'GetUser' },
      ...{ autorId: solicitante.estado.id, usuarioId, origem, em: clock.now() },
    });
    return Result.ok(usuario);
  }
}
