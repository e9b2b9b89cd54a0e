import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import { mudancasDeConta } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import {
  AcessoNegadoError,
  type NomeInvalidoError,
  UltimoAdminError,
  UsuarioNaoEncontradoError,
} from '../domain/recusa.ts';
import { administraAtivo, type MudancaUsuario, sessaoVale, type Usuario } from '../domain/usuario.ts';
import type { Transacao } from './ports.ts';

/** An administrator, as their token says, changes an account. */
export interface UpdateUserCommand {
  readonly autorId: string;
  /** Generation of the author's sessions that the token belongs to. */
  readonly geracao: number;
  readonly usuarioId: string;
  readonly mudanca: MudancaUsuario;
  readonly origem: Origem;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao & DaAuditoria>, 'run'>;
  readonly clock: Clock;
}

/**
 * Changes an account. Whether the author still is an administrator is asked again under the lock that the
 * change holds: of two who demote each other at once, the second one no longer is.
 */
export class UpdateUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(
    command: UpdateUserCommand,
  ): Promise<
    Result<Usuario, AcessoNegadoError | UltimoAdminError | NomeInvalidoError | UsuarioNaoEncontradoError>
  > {
    const { uow, clock } = this.#deps;
    const { autorId, geracao, usuarioId, mudanca, origem } = command;
    return uow.run(async ({ usuarios, auditoria, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      const autor = await usuarios.findById(autorId);
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode) return Result.fail(new AcessoNegadoError());
      const em = clock.now();
      const antes = usuario.estado;
      const atualizado = usuario.atualizar(mudanca, em);
      if (atualizado.isFailure) return atualizado;
      // The author is one of the others, unless it is their own account.
      const algumAdmin = administraAtivo(usuario.estado) || (await usuarios.outrosAdmins(usuarioId)) > 0;
      if (!algumAdmin) return Result.fail(new UltimoAdminError());
      await usuarios.save(usuario);
      for (const mudou of mudancasDeConta(antes, usuario.estado))
        await auditoria.registrar({ ...mudou, resultado: 'FEITO', autorId, usuarioId, origem, em });
      return Result.ok(usuario);
    });
  }
}
