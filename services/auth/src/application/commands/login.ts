import { Result } from '@plataforma/domain/result';
import { CredenciaisInvalidasError, MuitasTentativasError } from '../../domain/errors.ts';
import { normalizarEmail } from '../../domain/usuario.ts';
import type { Attempts, PasswordHasher, Sessions, TokenIssuer, UsuariosRepository } from '../ports.ts';
import { grantAccess, type TokensGranted } from './grant-tokens.ts';

/** Proves who somebody is by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
  /** Network address of the client. */
  readonly endereco: string;
}

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly hasher: PasswordHasher;
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
  readonly attempts: Attempts;
}

export class LoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    command: LoginCommand,
  ): Promise<Result<TokensGranted, CredenciaisInvalidasError | MuitasTentativasError>> {
    const { usuarios, hasher, sessions, tokens, attempts } = this.#deps;
    const attempt = { endereco: command.endereco, email: normalizarEmail(command.email) };
    // Before the queue of hashes: who guesses must not make others wait there.
    const wait = await attempts.begin(attempt);
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const usuario = await usuarios.findByEmail(attempt.email);
    const matches = await hasher.verify(usuario?.estado.senhaHash, command.senha, command.endereco);
    if (!usuario?.estado.ativo || !matches) return Result.fail(new CredenciaisInvalidasError());
    await attempts.succeeded(attempt);
    const { id, geracaoSessoes } = usuario.estado;
    const { sessaoId, refreshToken } = await sessions.open(id, geracaoSessoes);
    return Result.ok({ refreshToken, ...(await grantAccess(tokens, usuario, sessaoId)) });
  }
}
