import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import { mudancasDeConta } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import { CredenciaisInvalidasError } from '../../credenciais/domain/recusa.ts';
import type { Transacao as DosFatores, ProvaRecusada } from '../../fatores/application/ports.ts';
import {
  AcessoNegadoError,
  type NomeInvalidoError,
  UltimoAdminError,
  UsuarioNaoEncontradoError,
} from '../domain/recusa.ts';
import {
  administraAtivo,
  daPoder,
  type MudancaUsuario,
  sessaoVale,
  type Usuario,
} from '../domain/usuario.ts';
import type { ConsultaDeUsuarios, Transacao } from './ports.ts';

/** An administrator, as their token says, changes an account. */
export interface UpdateUserCommand {
  readonly autorId: string;
  /** Generation of the author's sessions that the token belongs to. */
  readonly geracao: number;
  readonly usuarioId: string;
  readonly mudanca: MudancaUsuario;
  /** When the author logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  /** Of the author; needed for what gives power. */
  readonly senha: string;
  /** Of the author's second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

type UpdateUserRefused =
  | AcessoNegadoError
  | UltimoAdminError
  | NomeInvalidoError
  | UsuarioNaoEncontradoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao & DosFatores & DaAuditoria>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly clock: Clock;
}

/**
 * Changes an account. Whoever gives power proves who they are: with a session of an administrator that was copied nobody
 * becomes one. What takes power away asks for nothing more, so that an emergency is not slowed.
 */
export class UpdateUserHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: UpdateUserCommand): Promise<Result<Usuario, UpdateUserRefused>> {
    const usuario = await this.#deps.consulta.findById(command.usuarioId);
    if (!usuario || !daPoder(usuario.estado, command.mudanca)) return this.#mudar(command, false);
    const confirmada = await this.#confirmar(command);
    return confirmada.isFailure ? confirmada : this.#mudar(command, true);
  }

  async #confirmar(command: UpdateUserCommand): Promise<Result<void, AcessoNegadoError | OwnerRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const { autorId, senha, autenticadoEm, origem } = command;
    const autor = (await consulta.findById(autorId))?.estado;
    if (!autor || !administraAtivo(autor)) return Result.fail(new AcessoNegadoError());
    return confirmOwner.execute({ conta: autor, senha, autenticadoEm, origem, chamada: 'UpdateUser' });
  }

  /**
   * Whether the author still is an administrator is asked again under the lock that the change holds: of two who demote each
   * other at once, the second one no longer is. So is whether it gives power: the account may have lost a role meanwhile.
   */
  #mudar(command: UpdateUserCommand, confirmado: boolean): Promise<Result<Usuario, UpdateUserRefused>> {
    const { uow, clock } = this.#deps;
    const { autorId, geracao, usuarioId, mudanca, codigo, origem } = command;
    return uow.run(async ({ usuarios, segundoFator, auditoria, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      const autor = await usuarios.findById(autorId);
      const pode = autor && sessaoVale(autor.estado, geracao) && administraAtivo(autor.estado);
      if (!pode) return Result.fail(new AcessoNegadoError());
      const em = clock.now();
      const antes = usuario.estado;
      if (daPoder(antes, mudanca)) {
        if (!confirmado) return Result.fail(new CredenciaisInvalidasError());
        const recusa = { tipo: 'PAPEIS_ALTERADOS', autorId } as const;
        const provado = await segundoFator.provar({ usuarioId: autorId, codigo, origem, em, recusa });
        if (provado.isFailure) return provado;
      }
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
