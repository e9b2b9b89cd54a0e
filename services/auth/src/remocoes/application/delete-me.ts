import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import type { UltimoAdminError } from '../../contas/domain/recusa.ts';
import { podeEntrar, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { SessaoTerminadaError } from '../domain/recusa.ts';
import type { Remocao } from '../domain/remocao.ts';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

/** A person who is signed in leaves. */
export interface DeleteMeCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller has logged in; a token from before tokens told says nothing. */
  readonly autenticadoEm: Date | undefined;
  /** Empty for none. */
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

export type DeleteMeRefused = OwnerRefused | ProvaRecusada | UltimoAdminError | SessaoTerminadaError;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly protocolos: Protocolos;
  readonly clock: Clock;
}

/** Removes the caller's own account, for who proves to be its owner by everything that login asks for. */
export class DeleteMeHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: DeleteMeCommand): Promise<Result<Remocao, DeleteMeRefused>> {
    const { uow, protocolos, clock } = this.#deps;
    const { usuarioId, geracao, codigo, origem } = command;
    const provada = await this.#prove(command);
    if (provada.isFailure) return provada;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findToChange(usuarioId);
      // Another password or factor since it was asked for has ended the session, or the same call, sent twice, the account.
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new SessaoTerminadaError());
      const fator = await tx.segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'CONTA_REMOVIDA', autorId: usuarioId },
      });
      if (fator.isFailure) return fator;
      const pedido = {
        autorId: usuarioId,
        por: 'TITULAR',
        protocolo: protocolos.novo(),
        origem,
        em,
      } as const;
      return remover(tx, usuario, pedido);
    });
  }

  async #prove(command: DeleteMeCommand): Promise<Result<void, DeleteMeRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { usuarioId, senha, autenticadoEm, origem } = command;
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta || !podeEntrar(conta)) return Result.fail(new SessaoTerminadaError());
    return confirmOwner.execute({ conta, senha, autenticadoEm, origem, chamada: 'DeleteMe' });
  }
}
