import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import type { UltimoAdminError } from '../../contas/domain/recusa.ts';
import { podeEntrar, sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmPassword, ConfirmRefused } from '../../credenciais/application/confirm-password.ts';
import { loginRecente } from '../../credenciais/domain/login-recente.ts';
import { CredenciaisInvalidasError, LoginRecenteNecessarioError } from '../../credenciais/domain/recusa.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import type { Remocao } from '../domain/remocao.ts';
import type { Protocolos, Transacao } from './ports.ts';
import { remover } from './remover.ts';

/** A person who is signed in leaves. */
export interface DeleteMeCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  /** When the caller has logged in; a token from before tokens told says nothing. */
  readonly autenticadoEm: Date | undefined;
  /** Empty for none. */
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for none. */
  readonly codigo: string;
  readonly origem: Origem;
}

export type DeleteMeRefused = ConfirmRefused | ProvaRecusada | LoginRecenteNecessarioError | UltimoAdminError;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmPassword: ConfirmPassword;
  readonly protocolos: Protocolos;
  readonly clock: Clock;
}

/**
 * Removes the caller's own account, for who proves to be its owner by everything that login asks for. Who logs in with an
 * issuer alone has nothing to say again: a login of just now is their proof.
 */
export class DeleteMeHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: DeleteMeCommand): Promise<Result<Remocao, DeleteMeRefused>> {
    const { uow, protocolos, clock } = this.#deps;
    const { usuarioId, geracao, codigo, origem } = command;
    const provada = await this.#prove(command);
    if (provada.isFailure) return provada;
    const em = clock.now();
    return uow.run(async (tx) => {
      await tx.claimKey(usuarioId);
      const usuario = await tx.usuarios.findToChange(usuarioId);
      // The password may have been changed meanwhile, and the second factor switched off.
      const mesma = usuario && sessaoVale(usuario.estado, geracao) && mesmaEntrada(usuario, provada.value);
      if (!mesma) return Result.fail(new CredenciaisInvalidasError());
      const fator = await tx.segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'CONTA_REMOVIDA', autorId: usuarioId },
      });
      if (fator.isFailure) return fator;
      const pedido = {
        autorId: usuarioId,
        por: 'TITULAR',
        protocolo: protocolos.novo(),
        origem,
        em,
      } as const;
      return remover(tx, usuario, pedido);
    });
  }

  /** Answers the account as it was when its owner was believed, but for the second factor. */
  async #prove(command: DeleteMeCommand): Promise<Result<Usuario, DeleteMeRefused>> {
    const { consulta, confirmPassword, clock } = this.#deps;
    const { usuarioId, senha, autenticadoEm, origem } = command;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario || !podeEntrar(usuario.estado)) return Result.fail(new CredenciaisInvalidasError());
    const { senhaHash, mfaAtivo } = usuario.estado;
    if (senhaHash === null) {
      const basta = mfaAtivo || loginRecente(autenticadoEm, clock.now());
      return basta ? Result.ok(usuario) : Result.fail(new LoginRecenteNecessarioError());
    }
    const confirmada = await confirmPassword.execute({
      ...{ conta: usuario.estado, senha, origem, chamada: 'DeleteMe' },
    });
    return confirmada.isFailure ? confirmada : Result.ok(usuario);
  }
}

function mesmaEntrada(agora: Usuario, antes: Usuario): boolean {
  return agora.estado.senhaHash === antes.estado.senhaHash && agora.estado.mfaAtivo === antes.estado.mfaAtivo;
}
