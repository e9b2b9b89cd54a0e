import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Usuario } from '../../contas/domain/usuario.ts';
import { papeisDaSessao } from '../domain/papeis-da-sessao.ts';
import type { Session } from './ports.ts';

/** What a person gets after proving who they are. */
export interface TokensGranted {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  /** Whether rights of the account wait for a second factor. */
  readonly faltaFator: boolean;
}

/** What access tokens are made by. */
export interface Granting {
  readonly tokens: TokenIssuer;
  /** Whether administrators need a second factor to act as such. */
  readonly adminsPrecisamDeFator: boolean;
}

/** An access token for a session of the person, with the roles and the generation of sessions they have now. */
export async function grantAccess(
  { tokens, adminsPrecisamDeFator }: Granting,
  { estado }: Usuario,
  { sessaoId, autenticadaEm, metodos }: Session,
): Promise<Omit<TokensGranted, 'refreshToken'>> {
  const papeis = papeisDaSessao(estado, metodos, adminsPrecisamDeFator);
  const { token, expiresInSeconds } = await tokens.issue({
    tipo: 'acesso',
    sub: estado.id,
    papeis,
    sessaoId,
    geracao: estado.geracaoSessoes,
    autenticadoEm: autenticadaEm,
    metodos,
  });
  return { accessToken: token, expiresInSeconds, faltaFator: papeis !== estado.papeis };
}
