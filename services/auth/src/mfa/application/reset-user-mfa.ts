import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  type AdministratorCommand,
  type AdministratorRefused,
  type ConfirmAdministrator,
  provarDeNovo,
} from '../../contas/application/confirm-administrator.ts';
import { UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { MfaNaoAtivoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

type ResetRefused = UsuarioNaoEncontradoError | MfaNaoAtivoError | AdministratorRefused;

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmAdministrator: ConfirmAdministrator;
  readonly clock: Clock;
}

/**
 * Takes the second factor of a person who has lost it, and ends every session of its account. With a session of an administrator that was copied nobody's
 * factor can be taken: the author proves who they are. Nor can one's own, by which two stolen proofs would be one.
 */
export class ResetUserMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: AdministratorCommand): Promise<Result<void, ResetRefused>> {
    const confirmada = await this.#deps.confirmAdministrator.ofSomebodyElse(command, 'ResetUserMfa');
    return confirmada.isFailure ? confirmada : this.#retirar(command);
  }

  #retirar(command: AdministratorCommand): Promise<Result<void, ResetRefused>> {
    const { uow, clock } = this.#deps;
    const { autorId, usuarioId, origem } = command;
    const em = clock.now();
    return uow.run(async ({ usuarios, segundoFator, avisos, claimKey }) => {
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      const pedido = { tipo: 'FATOR_RETIRADO', em } as const;
      const provado = await provarDeNovo({ usuarios, segundoFator }, command, pedido);
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
