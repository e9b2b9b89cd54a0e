import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, PasswordRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import type { Transacao } from './ports.ts';

export interface UnlinkGoogleCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

type UnlinkRefused = UsuarioNaoEncontradoError | AcessoNegadoError | PasswordRefused | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

/**
 * Takes the link away, for who proves to be the owner by everything that login asks for, and ends every session but the
 * caller's: any of them may have come by it.
 */
export class UnlinkGoogleHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: UnlinkGoogleCommand): Promise<Result<void, UnlinkRefused>> {
    const { consulta, confirmOwner, sessions } = this.#deps;
    const { usuarioId, sessaoId, senha, origem } = command;
    const conta = await consulta.findById(usuarioId);
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    const confirmada = await confirmOwner.byPassword({
      ...{ conta: conta.estado, senha, origem, chamada: 'UnlinkGoogle' },
    });
    if (confirmada.isFailure) return confirmada;
    const desvinculada = await this.#desvincular(command);
    if (desvinculada.isFailure) return desvinculada;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, desvinculada.value);
    return Result.ok(undefined);
  }

  /** Answers the generation of sessions from now on. */
  #desvincular({
    usuarioId,
    geracao,
    codigo,
    origem,
  }: UnlinkGoogleCommand): Promise<Result<number, UnlinkRefused>> {
    const { uow, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ usuarios, vinculos, segundoFator, avisos, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'GOOGLE_DESVINCULADO', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      if (!(await vinculos.remover(usuarioId))) return Result.ok(geracao);
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'GOOGLE_DESVINCULADO', origem, em });
      return Result.ok(usuario.estado.geracaoSessoes);
    });
  }
}
