import { Result } from '@plataforma/domain/result';
import { TokenRenovacaoInvalidoError, TokenRenovacaoReutilizadoError } from '../../domain/errors.ts';
import type { Sessions, TokenIssuer, UsuariosRepository } from '../ports.ts';
import { grantTokens, type TokensGranted } from './grant-tokens.ts';

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
}

/** Trades a refresh token for its successor and a new access token, with the roles the person has now. */
export class RefreshHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    refreshToken: string,
  ): Promise<Result<TokensGranted, TokenRenovacaoInvalidoError | TokenRenovacaoReutilizadoError>> {
    const { usuarios, sessions, tokens } = this.#deps;
    const rotation = await sessions.rotate(refreshToken);
    if (rotation.kind === 'reused') return Result.fail(new TokenRenovacaoReutilizadoError());
    if (rotation.kind === 'unknown') return Result.fail(new TokenRenovacaoInvalidoError());
    const usuario = await usuarios.findById(rotation.usuarioId);
    if (!usuario?.estado.ativo) {
      await sessions.close(rotation.refreshToken);
      return Result.fail(new TokenRenovacaoInvalidoError());
    }
    return Result.ok(await grantTokens(tokens, usuario, rotation));
  }
}
