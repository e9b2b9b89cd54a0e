import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmPassword, ConfirmRefused } from '../../credenciais/application/confirm-password.ts';
import type { ProvaRecusada, Segredos } from '../../fatores/application/ports.ts';
import { Fator } from '../../fatores/domain/fator.ts';
import { enderecoOtpauth, segredoEscrito } from '../../fatores/domain/otpauth.ts';
import { EmailNaoVerificadoError, MfaJaAtivoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface SetupMfaCommand {
  readonly usuarioId: string;
  readonly senha: string;
  /** Of the second factor that the account has by passkeys, as it was given; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

/** What the app needs, told this once. */
export interface SegredoDoAplicativo {
  readonly segredo: string;
  readonly otpauthUrl: string;
}

type SetupRefused =
  | EmailNaoVerificadoError
  | UsuarioNaoEncontradoError
  | MfaJaAtivoError
  | ConfirmRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmPassword: ConfirmPassword;
  readonly segredos: Segredos;
  readonly clock: Clock;
}

/**
 * Makes a secret for an authenticator app, in place of one that was never activated. With a copied session alone another
 * person's app could be put before the account, so the password is asked for.
 */
export class SetupMfaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SetupMfaCommand): Promise<Result<SegredoDoAplicativo, SetupRefused>> {
    const { consulta, confirmPassword } = this.#deps;
    const { usuarioId, senha, origem } = command;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
    const { email, emailVerificado } = usuario.estado;
    if (!emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    const confirmada = await confirmPassword.execute({
      ...{ conta: usuario.estado, senha, origem, chamada: 'SetupMfa' },
    });
    if (confirmada.isFailure) return confirmada;
    const configurado = await this.#configurar(command);
    if (configurado.isFailure) return configurado;
    const segredo = configurado.value;
    return Result.ok({ segredo: segredoEscrito(segredo), otpauthUrl: enderecoOtpauth({ segredo, email }) });
  }

  /** Answers the secret. */
  #configurar({ usuarioId, codigo, origem }: SetupMfaCommand) {
    const { uow, segredos, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ fatores, segundoFator }): Promise<Result<Buffer, SetupRefused>> => {
      if (await fatores.temAtivo(usuarioId)) return Result.fail(new MfaJaAtivoError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'MFA_ATIVADO', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      const { id, segredo } = segredos.novo();
      const configurado = await fatores.configurar(Fator.configurar({ id, usuarioId, segredo, em }));
      return configurado ? Result.ok(segredo) : Result.fail(new MfaJaAtivoError());
    });
  }
}
