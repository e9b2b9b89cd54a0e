import { type Breaker, createBreaker } from '@plataforma/runtime/breaker';
import type { Logger } from '@plataforma/runtime/logger';
import type {
  ConsultaDeHistorico,
  FiltroHistorico,
  LugarNoHistorico,
  RegistroLido,
} from '../../application/ports.ts';

interface Deps {
  /** Whether MongoDB has all but what happened within the last seconds. */
  readonly emDia: () => Promise<boolean>;
  readonly mongodb: ConsultaDeHistorico;
  /** Has every record that MongoDB has, in the same order. */
  readonly postgres: ConsultaDeHistorico;
  readonly logger: Logger;
}

type Argumentos = [FiltroHistorico, number, LugarNoHistorico | undefined];

/**
 * Reads from MongoDB, and from PostgreSQL while that is away or behind, so that what is told is never older than seconds. A page
 * that one has begun the other can go on with.
 */
export class ConsultaComRetaguarda implements ConsultaDeHistorico {
  readonly #emDia: () => Promise<boolean>;
  readonly #postgres: ConsultaDeHistorico;
  readonly #breaker: Breaker<Argumentos, RegistroLido[]>;
  readonly #logger: Logger;

  constructor({ emDia, mongodb, postgres, logger }: Deps) {
    this.#emDia = emDia;
    this.#postgres = postgres;
    this.#logger = logger;
    this.#breaker = createBreaker('mongodb', (...pedido: Argumentos) => mongodb.listar(...pedido), {
      ...{ failures: 1, successes: 1, resetMs: 10_000, timeoutMs: 3_000 },
      onStateChange: (estado) => logger.info({ estado }, 'history in MongoDB'),
    });
  }

  async listar(...pedido: Argumentos): Promise<RegistroLido[]> {
    if (!(await this.#emDia())) return this.#postgres.listar(...pedido);
    try {
      return await this.#breaker.fire(...pedido);
    } catch (error) {
      this.#logger.debug({ err: error }, 'the history is read from PostgreSQL');
      return this.#postgres.listar(...pedido);
    }
  }

  close(): void {
    this.#breaker.close();
  }
}
