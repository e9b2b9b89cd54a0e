import type { Clock } from '@plataforma/domain/clock';
import type { Logger } from '@plataforma/runtime/logger';
import type { ChavesRepository, SigningKey } from '../application/ports.ts';

/** A key that was taken back stops signing after so long, in every process that can read the database. */
const LOOK_AGAIN_MS = 5_000;
/** A process that cannot read it goes on with the key it knows for so long, and then signs nothing any more. */
export const TRUSTED_MS = 10 * 60_000;

/** The key that this process signs with. */
export class SigningKeys {
  readonly #chaves: Pick<ChavesRepository, 'ativa'>;
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'warn'>;
  #known: { readonly key: SigningKey; readonly at: number } | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<SigningKey> | undefined;

  constructor(deps: {
    chaves: Pick<ChavesRepository, 'ativa'>;
    clock: Clock;
    logger: Pick<Logger, 'warn'>;
  }) {
    this.#chaves = deps.chaves;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
  }

  /**
   * The key that signs; made when there is none, once, however many replicas find out. What was read lately is answered
   * at once, also while one call looks it up again.
   */
  async active(): Promise<SigningKey> {
    const now = this.#clock.now().getTime();
    const known = this.#known;
    if (known === undefined || now - known.at >= TRUSTED_MS) return this.#look(now);
    if (now - this.#lookedAt < LOOK_AGAIN_MS) return known.key;
    return this.#look(now).catch((err: unknown) => {
      this.#logger.warn({ err }, 'the signing key could not be looked up');
      return known.key;
    });
  }

  /** One at a time. */
  #look(at: number): Promise<SigningKey> {
    this.#looking ??= this.#read(at).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(at: number): Promise<SigningKey> {
    this.#lookedAt = at;
    const key = await this.#chaves.ativa();
    this.#known = { key, at };
    return key;
  }
}
