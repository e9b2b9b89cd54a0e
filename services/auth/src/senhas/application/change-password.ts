import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { type EstadoUsuario, podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, PasswordRefused } from '../../credenciais/application/confirm-owner.ts';
import type { Devices, PasswordHasher, PasswordPolicy } from '../../credenciais/application/ports.ts';
import { type SenhaFracaError, SenhaIncorretaError } from '../../credenciais/domain/recusa.ts';
import { mesmaSenha } from '../../credenciais/domain/senha.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { revogarDaConta } from '../../integracoes/application/revogar-chaves.ts';
import type { Sessions } from '../../sessoes/application/ports.ts';
import { SenhaRepetidaError } from '../domain/recusa.ts';
import type { Transacao } from './ports.ts';

/** A person who is signed in wants another password. */
export interface ChangePasswordCommand {
  readonly usuarioId: string;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  /** Generation of sessions that it belongs to. */
  readonly geracao: number;
  readonly senhaAtual: string;
  readonly senhaNova: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly confirmOwner: ConfirmOwner;
  readonly devices: Pick<Devices, 'issue'>;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
}

type Refused = PasswordRefused | SenhaFracaError | SenhaRepetidaError | ProvaRecusada;

/**
 * Changes a password for whoever knows the present one and has the second factor, if there is one, and ends every session but the
 * caller's. That one is carried over to the new generation after the commit: if that fails its owner logs in again, and nobody else
 * goes on. Devices that were known are strangers from then on, but for the one that it was done with. What the password alone has added
 * goes with it, a link and API keys: whoever knew the password may have.
 */
export class ChangePasswordHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers what the device keeps, to be known here; none where the account has not verified its address. */
  async execute(command: ChangePasswordCommand): Promise<Result<string | undefined, Refused>> {
    const { policy, hasher, sessions, devices } = this.#deps;
    const { sessaoId, senhaNova, origem } = command;
    const provada = await this.#prove(command);
    if (provada.isFailure) return provada;
    const usuario = provada.value;
    if (mesmaSenha(command.senhaAtual, senhaNova)) return Result.fail(new SenhaRepetidaError());
    const avaliada = policy.check(senhaNova, usuario.estado);
    if (avaliada.isFailure) return avaliada;
    const senhaHash = await hasher.hash(senhaNova, origem.endereco);
    const trocada = await this.#trocar(command, usuario.estado.senhaHash, senhaHash);
    if (trocada.isFailure) return trocada;
    const { geracaoSessoes, emailVerificado } = trocada.value;
    if (sessaoId !== undefined) await sessions.carryOver(sessaoId, geracaoSessoes);
    return Result.ok(emailVerificado ? devices.issue(trocada.value) : undefined);
  }

  /** A copied access token is no password: who has one gets as many tries as a login. */
  async #prove({ usuarioId, senhaAtual, origem }: ChangePasswordCommand): Promise<Result<Usuario, Refused>> {
    const { consulta, confirmOwner } = this.#deps;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario || !podeEntrar(usuario.estado)) return Result.fail(new SenhaIncorretaError());
    const confirmada = await confirmOwner.byPassword({
      ...{ conta: usuario.estado, senha: senhaAtual, origem, chamada: 'ChangePassword' },
    });
    if (confirmada.isFailure) return confirmada;
    return Result.ok(usuario);
  }

  /** Answers the account as it is then. */
  #trocar(
    { usuarioId, geracao, codigo, origem }: ChangePasswordCommand,
    antes: string | null,
    depois: string,
  ): Promise<Result<EstadoUsuario, Refused>> {
    const { uow, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx) => {
      const { usuarios, segundoFator, vinculos, avisos, claimKey } = tx;
      await claimKey(usuarioId);
      const usuario = await usuarios.findToChange(usuarioId);
      // Of two changes at once the second one does not know the present password any more.
      const conhece = usuario && sessaoVale(usuario.estado, geracao) && usuario.estado.senhaHash === antes;
      if (!conhece) return Result.fail(new SenhaIncorretaError());
      const provado = await segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'SENHA_ALTERADA', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      usuario.trocarSenha(depois, em);
      await usuarios.save(usuario);
      await avisos.avisar({ usuarioId, tipo: 'SENHA_ALTERADA', origem, em });
      if (await vinculos.removerSoSenha(usuarioId))
        await avisos.avisar({ usuarioId, tipo: 'GOOGLE_DESVINCULADO', origem, em });
      await revogarDaConta(tx, 'SO_SENHA', { usuarioId, origem, em });
      return Result.ok(usuario.estado);
    });
  }
}
