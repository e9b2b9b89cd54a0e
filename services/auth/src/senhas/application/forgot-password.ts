import type { Clock } from '@plataforma/domain/clock';
import { normalizarEmail } from '@plataforma/domain/email';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Attempts } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface ForgotPasswordCommand {
  readonly email: string;
  /** Network address of the client. */
  readonly endereco: string;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly attempts: Attempts;
  readonly clock: Clock;
  /** There may be a request to answer now. */
  readonly wake: () => void;
}

/**
 * Notes that a new password is wanted, in the same way for every address. Whether it has an account is looked up later, by
 * a worker, where no caller can see how long that takes ({@link MandarRedefinicaoHandler}).
 */
export class ForgotPasswordHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ email, endereco }: ForgotPasswordCommand): Promise<Result<void, MuitasTentativasError>> {
    const { uow, attempts, clock, wake } = this.#deps;
    const wait = await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    await uow.run(({ redefinicoes }) => redefinicoes.pedir(normalizarEmail(email), clock.now()));
    wake();
    return Result.ok(undefined);
  }
}
