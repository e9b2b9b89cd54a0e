import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Usuario } from '../../contas/domain/usuario.ts';
import type { Session } from './ports.ts';

/** What a person gets after proving who they are. */
export interface TokensGranted {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/** An access token for a session of the person, with the roles and the generation of sessions they have now. */
export async function grantAccess(
  tokens: TokenIssuer,
  usuario: Usuario,
  { sessaoId, autenticadaEm, metodos }: Session,
): Promise<Omit<TokensGranted, 'refreshToken'>> {
  const { id, papeis, geracaoSessoes } = usuario.estado;
  const { token, expiresInSeconds } = await tokens.issue({
    tipo: 'acesso',
    sub: id,
    papeis,
    sessaoId,
    geracao: geracaoSessoes,
    autenticadoEm: autenticadaEm,
    metodos,
  });
  return { accessToken: token, expiresInSeconds };
}
