import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { administraAtivo, sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { MfaNaoAtivoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

/** An administrator, as their token says, takes the second factor of a person who has lost it. */
export interface ResetUserMfaCommand {
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

type ResetRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | MfaNaoAtivoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly clock: Clock;
}

/**
 * Takes a second factor and ends every session of its account. With a session of an administrator that was copied nobody's
 * factor can be taken: the author proves who they are. Nor can one's own, by which two stolen proofs would be one.
 */
export class ResetUserMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: ResetUserMfaCommand): Promise<Result<void, ResetRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { autorId, usuarioId, senha, autenticadoEm, origem } = command;
    const autor = (await consulta.findById(autorId))?.estado;
    if (!autor || !administraAtivo(autor) || autorId === usuarioId)
      return Result.fail(new AcessoNegadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: autor, senha, autenticadoEm, origem, chamada: 'ResetUserMfa' },
    });
    return confirmada.isFailure ? confirmada : this.#retirar(command);
  }

  /** Whether the author still is an administrator is asked again under the lock that the change holds. */
  #retirar({
    autorId,
    geracao,
    usuarioId,
    codigo,
    origem,
  }: ResetUserMfaCommand): Promise<Result<void, ResetRefused>> {
    const { uow, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ usuarios, segundoFator, avisos, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      const autor = await usuarios.findById(autorId);
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode) return Result.fail(new AcessoNegadoError());
      const recusa = { tipo: 'FATOR_RETIRADO', autorId } as const;
      const provado = await segundoFator.provar({ usuarioId: autorId, codigo, origem, em, recusa });
      if (provado.isFailure) return provado;
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      if (!usuario.estado.mfaAtivo) return Result.fail(new MfaNaoAtivoError());
      await segundoFator.retirar(usuarioId);
      usuario.encerrarSessoes(em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, administrador: autorId, tipo: 'MFA_RETIRADO', origem, em });
      return Result.ok(undefined);
    });
  }
}
