import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmPassword, ConfirmRefused } from '../../credenciais/application/confirm-password.ts';
import type { Segredos } from '../../fatores/application/ports.ts';
import { Fator } from '../../fatores/domain/fator.ts';
import { enderecoOtpauth, segredoEscrito } from '../../fatores/domain/otpauth.ts';
import { EmailNaoVerificadoError, MfaJaAtivoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface SetupMfaCommand {
  readonly usuarioId: string;
  readonly senha: string;
  readonly origem: Origem;
}

/** What the app needs, told this once. */
export interface SegredoDoAplicativo {
  readonly segredo: string;
  readonly otpauthUrl: string;
}

type SetupRefused = EmailNaoVerificadoError | UsuarioNaoEncontradoError | MfaJaAtivoError | ConfirmRefused;

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

  async execute({
    usuarioId,
    senha,
    origem,
  }: SetupMfaCommand): Promise<Result<SegredoDoAplicativo, SetupRefused>> {
    const { consulta, uow, confirmPassword, segredos, clock } = this.#deps;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
    const { email, emailVerificado, mfaAtivo } = usuario.estado;
    if (!emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    if (mfaAtivo) return Result.fail(new MfaJaAtivoError());
    const confirmada = await confirmPassword.execute({
      ...{ conta: usuario.estado, senha, origem, chamada: 'SetupMfa' },
    });
    if (confirmada.isFailure) return confirmada;
    const { id, segredo } = segredos.novo();
    const fator = Fator.configurar({ id, usuarioId, segredo, em: clock.now() });
    const configurado = await uow.run(({ fatores }) => fatores.configurar(fator));
    if (!configurado) return Result.fail(new MfaJaAtivoError());
    return Result.ok({ segredo: segredoEscrito(segredo), otpauthUrl: enderecoOtpauth({ segredo, email }) });
  }
}
