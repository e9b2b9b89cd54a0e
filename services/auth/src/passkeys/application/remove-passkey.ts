import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import { PasskeyNaoEncontradaError } from '../domain/recusa.ts';
import type { ConsultaDePasskeys, Transacao } from './ports.ts';

export interface RemovePasskeyCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  readonly passkeyId: string;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

type RemoveRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | PasskeyNaoEncontradaError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly passkeys: ConsultaDePasskeys;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Removes a passkey, for who proves to be the owner by everything that login asks for, and ends every session but the
 * caller's. With the last factor the recovery codes go as well.
 */
export class RemovePasskeyHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: RemovePasskeyCommand): Promise<Result<void, RemoveRefused>> {
    const { consulta, passkeys, confirmOwner, sessions } = this.#deps;
    const { usuarioId, passkeyId, sessaoId, senha, autenticadoEm, origem } = command;
    const conta = await consulta.findById(usuarioId);
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    const todas = await passkeys.doUsuario(usuarioId);
    if (!todas.some(({ estado }) => estado.id === passkeyId))
      return Result.fail(new PasskeyNaoEncontradaError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: conta.estado, senha, autenticadoEm, origem, chamada: 'RemovePasskey' },
    });
    if (confirmada.isFailure) return confirmada;
    const removida = await this.#remover(command);
    if (removida.isFailure) return removida;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, removida.value);
    return Result.ok(undefined);
  }

  /** Answers the generation of sessions that begins. */
  #remover({ usuarioId, geracao, passkeyId, codigo, origem }: RemovePasskeyCommand) {
    const { uow, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx): Promise<Result<number, RemoveRefused>> => {
      const { usuarios, passkeys, fatores, segundoFator, avisos, claimKey } = tx;
      await claimKey(passkeyId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'PASSKEY_REMOVIDA', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      if (!(await passkeys.remover(usuarioId, passkeyId)))
        return Result.fail(new PasskeyNaoEncontradaError());
      await fatores.esquecerCodigosSemFator(usuarioId);
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'PASSKEY_REMOVIDA', origem, em });
      return Result.ok(usuario.estado.geracaoSessoes);
    });
  }
}
