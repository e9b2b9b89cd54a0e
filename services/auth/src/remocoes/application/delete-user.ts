import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import {
  AcessoNegadoError,
  type UltimoAdminError,
  UsuarioNaoEncontradoError,
} from '../../contas/domain/recusa.ts';
import { administraAtivo, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import type { Remocao } from '../domain/remocao.ts';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

/** An administrator, as their token says, removes somebody else's account. */
export interface DeleteUserCommand {
  readonly autorId: string;
  /** Generation of the author's sessions that the token belongs to. */
  readonly geracao: number;
  readonly usuarioId: string;
  /** When the author logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  /** Of the author. */
  readonly senha: string;
  /** Of the author's second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

export type DeleteUserRefused =
  | AcessoNegadoError
  | UltimoAdminError
  | UsuarioNaoEncontradoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
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

  async execute(command: DeleteUserCommand): Promise<Result<Remocao, DeleteUserRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { autorId, usuarioId, senha, autenticadoEm, origem } = command;
    const autor = (await consulta.findById(autorId))?.estado;
    if (!autor || !administraAtivo(autor) || autorId === usuarioId)
      return Result.fail(new AcessoNegadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: autor, senha, autenticadoEm, origem, chamada: 'DeleteUser' },
    });
    return confirmada.isFailure ? confirmada : this.#remover(command);
  }

  /** Whether the author still is an administrator is asked again under the lock that the change holds. */
  #remover({
    autorId,
    geracao,
    usuarioId,
    codigo,
    origem,
  }: DeleteUserCommand): Promise<Result<Remocao, DeleteUserRefused>> {
    const { uow, protocolos, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findToChange(usuarioId);
      const autor = await tx.usuarios.findById(autorId);
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode) return Result.fail(new AcessoNegadoError());
      const recusa = { tipo: 'CONTA_REMOVIDA', autorId } as const;
      const provado = await tx.segundoFator.provar({ usuarioId: autorId, codigo, origem, em, recusa });
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
