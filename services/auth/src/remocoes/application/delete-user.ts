import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  type AdministratorCommand,
  type AdministratorRefused,
  type ConfirmAdministrator,
  provarDeNovo,
} from '../../contas/application/confirm-administrator.ts';
import { type UltimoAdminError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import type { Remocao } from '../domain/remocao.ts';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

export type DeleteUserRefused = UltimoAdminError | UsuarioNaoEncontradoError | AdministratorRefused;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmAdministrator: ConfirmAdministrator;
  readonly protocolos: Protocolos;
  readonly clock: Clock;
}

/**
 * Removes an account for an administrator; one that is gone is answered as it was then. One's own is for `DeleteMe`. As
 * nothing brings an account back, the author proves who they are: a session of theirs that was copied removes nobody.
 */
export class DeleteUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: AdministratorCommand): Promise<Result<Remocao, DeleteUserRefused>> {
    const confirmada = await this.#deps.confirmAdministrator.ofSomebodyElse(command, 'DeleteUser');
    return confirmada.isFailure ? confirmada : this.#remover(command);
  }

  #remover(command: AdministratorCommand): Promise<Result<Remocao, DeleteUserRefused>> {
    const { uow, protocolos, clock } = this.#deps;
    const { autorId, usuarioId, origem } = command;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findToChange(usuarioId);
      const provado = await provarDeNovo(tx, command, { tipo: 'CONTA_REMOVIDA', em });
      if (provado.isFailure) return provado;
      if (usuario) {
        const pedido = { autorId, por: 'ADMINISTRADOR', protocolo: protocolos.novo(), origem, em } as const;
        return remover(tx, usuario, pedido);
      }
      const remocao = await tx.remocoes.daConta(usuarioId);
      return remocao ? Result.ok(remocao) : Result.fail(new UsuarioNaoEncontradoError());
    });
  }
}
