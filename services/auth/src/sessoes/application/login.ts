import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios, Transacao } from '../../contas/application/ports.ts';
import { normalizarEmail, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Attempts, PasswordHasher } from '../../credenciais/application/ports.ts';
import { CredenciaisInvalidasError, MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { LetIn, LetInHandler } from './let-in.ts';

/** A person says who they are, by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
  readonly origem: Origem;
  /** Device that the account was logged in with before, if it has proved that. */
  readonly aparelho?: string | undefined;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly hasher: PasswordHasher;
  readonly letIn: LetInHandler;
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
    aparelho,
  }: LoginCommand): Promise<Result<LetIn, CredenciaisInvalidasError | MuitasTentativasError>> {
    const { consulta, hasher, letIn, attempts } = this.#deps;
    const attempt = { endereco: origem.endereco, email: normalizarEmail(email), aparelho };
    // Before the queue of hashes: a client that guesses must not make others wait there.
    const wait = await attempts.begin(attempt);
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const usuario = await consulta.findByEmail(attempt.email);
    // Known devices take turns with those of their account, not with whoever shares their network.
    const quem = aparelho === undefined ? origem.endereco : attempt.email;
    const matches = await hasher.verify(usuario?.estado.senhaHash, senha, quem);
    if (!usuario?.estado.ativo || !matches) return Result.fail(new CredenciaisInvalidasError());
    await attempts.succeeded(attempt);
    await this.#rehash(usuario, senha, quem);
    return Result.ok(await letIn.execute(usuario, origem, 'pwd'));
  }

  /** Only now is the password at hand, to be hashed as new ones are. */
  async #rehash({ estado: { id, senhaHash } }: Usuario, senha: string, quem: string): Promise<void> {
    const { hasher, uow } = this.#deps;
    if (senhaHash === null || !hasher.outdated(senhaHash)) return;
    const novo = await hasher.hash(senha, quem);
    await uow.run(({ usuarios }) => usuarios.rehash(id, senhaHash, novo));
  }
}
