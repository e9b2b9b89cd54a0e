import type { Usuario } from '../../domain/usuario.ts';
import type { TokenIssuer } from '../ports.ts';

/** What a person gets after proving who they are. */
export interface TokensGranted {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/** An access token for the session, beside its refresh token. */
export async function grantTokens(
  tokens: TokenIssuer,
  usuario: Usuario,
  session: { readonly sessaoId: string; readonly refreshToken: string },
): Promise<TokensGranted> {
  const { id, papeis } = usuario.estado;
  const { token, expiresInSeconds } = await tokens.issue({
    tipo: 'acesso',
    sub: id,
    papeis,
    sessaoId: session.sessaoId,
  });
  return { accessToken: token, refreshToken: session.refreshToken, expiresInSeconds };
}
