import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { EmailNaoVerificadoError } from '../../fatores/domain/recusa.ts';
import { MAXIMO_DE_PASSKEYS, type Passkey } from '../domain/passkey.ts';
import { PasskeyLimiteError } from '../domain/recusa.ts';
import type { Aleatorios, Desafios, Transacao, WebAuthn } from './ports.ts';

export interface StartRegistrationCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller logged in; a token from before tokens said so has none. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

type StartRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | EmailNaoVerificadoError
  | PasskeyLimiteError
  | OwnerRefused
  | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly webauthn: WebAuthn;
  readonly desafios: Desafios;
  readonly aleatorios: Aleatorios;
  readonly clock: Clock;
}

/**
 * Begins to register a passkey, for who proves to be the owner by everything that login asks for: whoever has a copied
 * session could let themselves in for good.
 */
export class StartRegistrationHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers what the browser needs, as JSON. */
  async execute(command: StartRegistrationCommand): Promise<Result<string, StartRefused>> {
    const { consulta, confirmOwner, webauthn, desafios, aleatorios } = this.#deps;
    const { usuarioId, geracao, senha, autenticadoEm, origem } = command;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario || !podeEntrar(usuario.estado)) return Result.fail(new UsuarioNaoEncontradoError());
    // Whoever proves the address comes into the account: no way in from before may stay open beside them.
    if (!usuario.estado.emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta: usuario.estado, senha, autenticadoEm, origem, chamada: 'StartPasskeyRegistration' },
    });
    if (confirmada.isFailure) return confirmada;
    const provada = await this.#provar(command);
    if (provada.isFailure) return provada;
    const existentes = provada.value;
    const titular = existentes[0]?.estado.titular ?? aleatorios.titular();
    const desafio = await desafios.open({
      ...{ finalidade: 'REGISTRO', usuarioId, geracao, titular: titular.toString('base64url') },
    });
    const { email, nome } = usuario.estado;
    const credenciais = existentes.map(({ estado }) => estado);
    return Result.ok(
      await webauthn.opcoesDeRegistro({ desafio, titular, email, nome, existentes: credenciais }),
    );
  }

  /** Answers the passkeys that the account has. */
  #provar({ usuarioId, geracao, codigo, origem }: StartRegistrationCommand) {
    const { uow, clock } = this.#deps;
    return uow.run(
      async ({ usuarios, passkeys, segundoFator }): Promise<Result<readonly Passkey[], StartRefused>> => {
        const usuario: Usuario | undefined = await usuarios.findById(usuarioId);
        if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
        const existentes = await passkeys.doUsuario(usuarioId);
        if (existentes.length >= MAXIMO_DE_PASSKEYS) return Result.fail(new PasskeyLimiteError());
        const provado = await segundoFator.provar({
          ...{ usuarioId, codigo, origem, em: clock.now() },
          recusa: { tipo: 'PASSKEY_ADICIONADA', autorId: usuarioId },
        });
        return provado.isFailure ? provado : Result.ok(existentes);
      },
    );
  }
}
