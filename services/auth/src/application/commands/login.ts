import { Result } from '@plataforma/domain/result';
import { CredenciaisInvalidasError } from '../../domain/errors.ts';
import { normalizarEmail } from '../../domain/usuario.ts';
import type { PasswordHasher, Sessions, TokenIssuer, UsuariosRepository } from '../ports.ts';
import { grantAccess, type TokensGranted } from './grant-tokens.ts';

/** Proves who somebody is by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
}

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly hasher: PasswordHasher;
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
}

export class LoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: LoginCommand): Promise<Result<TokensGranted, CredenciaisInvalidasError>> {
    const { usuarios, hasher, sessions, tokens } = this.#deps;
    const usuario = await usuarios.findByEmail(normalizarEmail(command.email));
    const matches = await hasher.verify(usuario?.estado.senhaHash, command.senha);
    if (!usuario?.estado.ativo || !matches) return Result.fail(new CredenciaisInvalidasError());
    const { id, geracaoSessoes } = usuario.estado;
    const { sessaoId, refreshToken } = await sessions.open(id, geracaoSessoes);
    return Result.ok({ refreshToken, ...(await grantAccess(tokens, usuario, sessaoId)) });
  }
}
