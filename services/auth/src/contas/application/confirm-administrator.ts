import { Result } from '@plataforma/domain/result';
import type { EventoDeSeguranca } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada, SegundoFator } from '../../fatores/application/ports.ts';
import { AcessoNegadoError, ContaPropriaError, ProvaDeAdminNecessariaError } from '../domain/recusa.ts';
import { administraAtivo, type EstadoUsuario, sessaoVale } from '../domain/usuario.ts';
import type { ConsultaDeUsuarios, UsuariosRepository } from './ports.ts';

/** An administrator, as their token says, does something to an account, and shows that it is them. */
export interface AdministratorCommand {
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

type ConfirmRefused = AcessoNegadoError | ProvaDeAdminNecessariaError | OwnerRefused;
export type AdministratorRefused = ConfirmRefused | ContaPropriaError | ProvaRecusada;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly confirmOwner: Pick<ConfirmOwner, 'execute'>;
}

/** What the transaction sees that asks again. */
interface Transacao {
  readonly usuarios: Pick<UsuariosRepository, 'findById'>;
  readonly segundoFator: Pick<SegundoFator, 'provar' | 'soSenha'>;
}

/** What the factor is asked for, and when. */
interface Pedido {
  readonly tipo: EventoDeSeguranca['tipo'];
  readonly em: Date;
}

/** What there is for one's own account in place of what is done to others'. */
const PARA_A_PROPRIA = {
  DeleteUser: 'Para remover a sua conta, use DELETE /api/v1/users/me.',
  ResetUserMfa: 'Para desativar o seu segundo fator, use POST /api/v1/auth/mfa/disable.',
} as const;

/**
 * Asks who an administrator is before they do what a copied session of theirs must not. It takes two steps, as a password takes
 * a while: this stands before the transaction, which asks for the rest under the lock that the change holds
 * ({@link provarDeNovo}).
 */
export class ConfirmAdministrator {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param chamada name of the RPC that asks */
  async execute(
    { autorId, senha, autenticadoEm, origem }: AdministratorCommand,
    chamada: string,
  ): Promise<Result<void, ConfirmRefused>> {
    const { consulta, confirmOwner } = this.#deps;
    const conta = (await consulta.findById(autorId))?.estado;
    if (!conta || !administraAtivo(conta)) return Result.fail(new AcessoNegadoError());
    // A login of just now, which is enough for one's own account, is in a session that was copied, too.
    if (conta.senhaHash === null && !conta.mfaAtivo) return Result.fail(new ProvaDeAdminNecessariaError());
    return confirmOwner.execute({ conta, senha, autenticadoEm, origem, chamada });
  }

  /** For what nobody does to their own account. */
  async ofSomebodyElse(
    command: AdministratorCommand,
    chamada: keyof typeof PARA_A_PROPRIA,
  ): Promise<Result<void, ConfirmRefused | ContaPropriaError>> {
    if (command.autorId === command.usuarioId)
      return Result.fail(new ContaPropriaError(PARA_A_PROPRIA[chamada]));
    return this.execute(command, chamada);
  }
}

/** In the transaction, with the account that is changed locked: the author still is an administrator, and proves their factor. */
export async function provarDeNovo(
  { usuarios, segundoFator }: Transacao,
  command: AdministratorCommand,
  pedido: Pedido,
): Promise<Result<void, AcessoNegadoError | ProvaDeAdminNecessariaError | ProvaRecusada>> {
  const administra = await aindaAdministra(usuarios, command);
  return administra.isFailure ? administra : provarFator(segundoFator, administra.value, command, pedido);
}

/** Answers the author. Of two who demote each other at once, the second one is none any more. */
export async function aindaAdministra(
  usuarios: Transacao['usuarios'],
  { autorId, geracao }: AdministratorCommand,
): Promise<Result<EstadoUsuario, AcessoNegadoError>> {
  const autor = (await usuarios.findById(autorId))?.estado;
  const pode = autor && sessaoVale(autor, geracao) && administraAtivo(autor);
  return pode ? Result.ok(autor) : Result.fail(new AcessoNegadoError());
}

/**
 * Without a password the factor is all that is asked for, and one that a login has added just now is no more than that login: whoever
 * has copied the session has added it.
 */
export async function provarFator(
  segundoFator: Transacao['segundoFator'],
  { senhaHash }: Pick<EstadoUsuario, 'senhaHash'>,
  { autorId, codigo, origem }: AdministratorCommand,
  { tipo, em }: Pedido,
): Promise<Result<void, ProvaDeAdminNecessariaError | ProvaRecusada>> {
  if (senhaHash === null && (await segundoFator.soSenha(autorId, em)))
    return Result.fail(new ProvaDeAdminNecessariaError());
  const provado = await segundoFator.provar({
    ...{ usuarioId: autorId, codigo, origem, em },
    recusa: { tipo, autorId },
  });
  return provado.isFailure ? provado : Result.ok(undefined);
}
