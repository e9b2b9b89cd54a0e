import { Result } from '@plataforma/domain/result';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { normalizarEmail } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Attempts, PasswordHasher } from '../../credenciais/application/ports.ts';
import { CredenciaisInvalidasError, MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { TokensGranted } from './grant-access.ts';
import type { OpenSession } from './open-session.ts';

/** A person says who they are, by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
  readonly origem: Origem;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly hasher: PasswordHasher;
  readonly openSession: OpenSession;
  readonly attempts: Attempts;
}

export class LoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    email,
    senha,
    origem,
  }: LoginCommand): Promise<Result<TokensGranted, CredenciaisInvalidasError | MuitasTentativasError>> {
    const { consulta, hasher, openSession, attempts } = this.#deps;
    const attempt = { endereco: origem.endereco, email: normalizarEmail(email) };
    // Before the queue of hashes: a client that guesses must not make others wait there.
    const wait = await attempts.begin(attempt);
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const usuario = await consulta.findByEmail(attempt.email);
    const matches = await hasher.verify(usuario?.estado.senhaHash, senha, origem.endereco);
    if (!usuario?.estado.ativo || !matches) return Result.fail(new CredenciaisInvalidasError());
    await attempts.succeeded(attempt);
    return Result.ok(await openSession.execute(usuario, origem, ['pwd']));
  }
}
