import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import { mudancasDeConta } from '../../auditoria/domain/evento-de-seguranca.ts';
import { SenhaAusenteError } from '../../credenciais/domain/recusa.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import { type NomeInvalidoError, UltimoAdminError, UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import { administraAtivo, daPoder, type MudancaUsuario, type Usuario } from '../domain/usuario.ts';
import {
  type AdministratorCommand,
  type AdministratorRefused,
  aindaAdministra,
  type ConfirmAdministrator,
  provarFator,
} from './confirm-administrator.ts';
import type { ConsultaDeUsuarios, Transacao } from './ports.ts';

/** An administrator changes an account; what they prove themselves by is needed for what gives power. */
export interface UpdateUserCommand extends AdministratorCommand {
  readonly mudanca: MudancaUsuario;
}

type UpdateUserRefused =
  | UltimoAdminError
  | NomeInvalidoError
  | UsuarioNaoEncontradoError
  | AdministratorRefused;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao & DosFatores & DaAuditoria>, 'run'>;
  readonly confirmAdministrator: ConfirmAdministrator;
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
    const { consulta, confirmAdministrator } = this.#deps;
    const usuario = await consulta.findById(command.usuarioId);
    if (!usuario || !daPoder(usuario.estado, command.mudanca)) return this.#mudar(command, false);
    const confirmada = await confirmAdministrator.execute(command, 'UpdateUser');
    return confirmada.isFailure ? confirmada : this.#mudar(command, true);
  }

  /** Whether it gives power is asked again under the lock, too: the account may have lost a role meanwhile. */
  #mudar(command: UpdateUserCommand, confirmado: boolean): Promise<Result<Usuario, UpdateUserRefused>> {
    const { uow, clock } = this.#deps;
    const { autorId, usuarioId, mudanca, origem } = command;
    return uow.run(async ({ usuarios, segundoFator, auditoria, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      const administra = await aindaAdministra(usuarios, command);
      if (administra.isFailure) return administra;
      const em = clock.now();
      const antes = usuario.estado;
      if (daPoder(antes, mudanca)) {
        if (!confirmado) return Result.fail(new SenhaAusenteError());
        const pedido = { tipo: 'PAPEIS_ALTERADOS', em } as const;
        const provado = await provarFator(segundoFator, administra.value, command, pedido);
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
