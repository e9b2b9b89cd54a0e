import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada, Segredos } from '../../fatores/application/ports.ts';
import { Fator } from '../../fatores/domain/fator.ts';
import { enderecoOtpauth, segredoEscrito } from '../../fatores/domain/otpauth.ts';
import { EmailNaoVerificadoError, MfaJaAtivoError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface SetupMfaCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
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
  | AcessoNegadoError
  | MfaJaAtivoError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
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
    const { consulta, confirmOwner } = this.#deps;
    const { usuarioId, senha, autenticadoEm, origem } = command;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
    const { email, emailVerificado } = usuario.estado;
    if (!emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: usuario.estado, senha, autenticadoEm, origem, chamada: 'SetupMfa' },
    });
    if (confirmada.isFailure) return confirmada;
    const configurado = await this.#configurar(command);
    if (configurado.isFailure) return configurado;
    const segredo = configurado.value;
    return Result.ok({ segredo: segredoEscrito(segredo), otpauthUrl: enderecoOtpauth({ segredo, email }) });
  }

  /** Answers the secret. */
  #configurar({ usuarioId, geracao, codigo, origem }: SetupMfaCommand) {
    const { uow, segredos, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ usuarios, fatores, segundoFator }): Promise<Result<Buffer, SetupRefused>> => {
      const usuario = await usuarios.findById(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      if (await fatores.temAtivo(usuarioId)) return Result.fail(new MfaJaAtivoError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'MFA_ATIVADO', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      const { id, segredo } = segredos.novo();
      const fator = Fator.configurar({ id, usuarioId, segredo, em });
      const configurado = await fatores.configurar(fator, await segundoFator.soSenha(usuarioId, em));
      return configurado ? Result.ok(segredo) : Result.fail(new MfaJaAtivoError());
    });
  }
}
