import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { MfaNaoAtivoError } from '../../fatores/domain/recusa.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import type { Transacao } from './ports.ts';

export interface DisableMfaCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the app or a recovery code, as it was typed. */
  readonly codigo: string;
  readonly origem: Origem;
}

type DisableRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | MfaNaoAtivoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Takes the authenticator app off the account, for who proves to be the owner by everything that login asks for, and ends every session
 * but the caller's.
 */
export class DisableMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: DisableMfaCommand): Promise<Result<void, DisableRefused>> {
    const { consulta, uow, confirmOwner, sessions, clock } = this.#deps;
    const { usuarioId, geracao, sessaoId, senha, autenticadoEm, codigo, origem } = command;
    const conta = await consulta.findById(usuarioId);
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    if (!conta.estado.mfaAtivo) return Result.fail(new MfaNaoAtivoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: conta.estado, senha, autenticadoEm, origem, chamada: 'DisableMfa' },
    });
    if (confirmada.isFailure) return confirmada;
    const em = clock.now();
    const desativada = await uow.run(async ({ usuarios, fatores, segundoFator, avisos, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      // The account may have its second factor by passkeys alone.
      if (!(await fatores.temAtivo(usuarioId))) return Result.fail(new MfaNaoAtivoError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'MFA_DESATIVADO', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      await fatores.remover(usuarioId);
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'MFA_DESATIVADO', origem, em });
      return Result.ok(usuario.estado.geracaoSessoes);
    });
    if (desativada.isFailure) return desativada;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, desativada.value);
    return Result.ok(undefined);
  }
}
