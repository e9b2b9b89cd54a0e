import { Result } from '@plataforma/domain/result';
import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { normalizarEmail } from '../../contas/domain/usuario.ts';
import type { Attempts, PasswordHasher } from '../../credenciais/application/ports.ts';
import { CredenciaisInvalidasError, MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { grantAccess, type TokensGranted } from './grant-access.ts';
import type { Sessions } from './ports.ts';

/** A person says who they are, by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
  /** Network address of the client. */
  readonly endereco: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
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
    const { consulta, hasher, sessions, tokens, attempts } = this.#deps;
    const attempt = { endereco: command.endereco, email: normalizarEmail(command.email) };
    // Before the queue of hashes: a client that guesses must not make others wait there.
    const wait = await attempts.begin(attempt);
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const usuario = await consulta.findByEmail(attempt.email);
    const matches = await hasher.verify(usuario?.estado.senhaHash, command.senha, command.endereco);
    if (!usuario?.estado.ativo || !matches) return Result.fail(new CredenciaisInvalidasError());
    await attempts.succeeded(attempt);
    const { id, geracaoSessoes } = usuario.estado;
    const { sessaoId, refreshToken } = await sessions.open(id, geracaoSessoes);
    return Result.ok({ refreshToken, ...(await grantAccess(tokens, usuario, sessaoId)) });
  }
}
