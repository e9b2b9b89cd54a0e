import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  AcessoNegadoError,
  type UltimoAdminError,
  UsuarioNaoEncontradoError,
} from '../../contas/domain/recusa.ts';
import { administraAtivo, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Remocao } from '../domain/remocao.ts';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

/** An administrator, as their token says, removes somebody else's account. */
export interface DeleteUserCommand {
  readonly autorId: string;
  /** Generation of the author's sessions that the token belongs to. */
  readonly geracao: number;
  readonly usuarioId: string;
  readonly origem: Origem;
}

export type DeleteUserRefused = AcessoNegadoError | UltimoAdminError | UsuarioNaoEncontradoError;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly protocolos: Protocolos;
  readonly clock: Clock;
}

/**
 * Removes an account for an administrator; one that is gone is answered as it was then. One's own is for `DeleteMe`, which
 * asks for more than a token. Whether the author still is an administrator is asked under the lock that the change holds.
 */
export class DeleteUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: DeleteUserCommand): Promise<Result<Remocao, DeleteUserRefused>> {
    const { uow, protocolos, clock } = this.#deps;
    const { autorId, geracao, usuarioId, origem } = command;
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findToChange(usuarioId);
      const autor = await tx.usuarios.findById(autorId);
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode || autorId === usuarioId) return Result.fail(new AcessoNegadoError());
      if (usuario) {
        const pedido = {
          autorId,
          por: 'ADMINISTRADOR',
          protocolo: protocolos.novo(),
          origem,
          em: clock.now(),
        } as const;
        return remover(tx, usuario, pedido);
      }
      const remocao = await tx.remocoes.daConta(usuarioId);
      return remocao ? Result.ok(remocao) : Result.fail(new UsuarioNaoEncontradoError());
    });
  }
}
