/*
 * Room `process`: one process from its first line to its last: how it starts and ends (this file), what it reads from its
 * environment (`config.ts`) and from its command line (`command-line.ts`).
 *
 * What was started is closed in the opposite order, each step within its own time, and the process then ends by itself. A
 * setting that is missing or wrong is named in one sentence before anything is started, all of them at once; values are never
 * repeated, as some are secrets. Programs use it, services and commands alike; libraries take what they need as parameters.
 */

import { withDeadline } from '../deadlines/wait.ts';
import type { Logger } from '../telemetry/logger.ts';

type Close = () => Promise<unknown>;

interface Step {
  readonly name: string;
  readonly close: Close;
}

/** What was started, so that it can be closed in the opposite order. */
export class Lifecycle {
  readonly #steps: Step[] = [];
  #shutdown: Promise<void> | undefined;
  readonly #logger: Logger;
  readonly #stepTimeoutMs: number;

  /** @param stepTimeoutMs how long one step may take before the next one starts all the same. */
  constructor(logger: Logger, stepTimeoutMs = 15_000) {
    this.#logger = logger;
    this.#stepTimeoutMs = stepTimeoutMs;
  }

  /** Whether it is closing, or has closed, what was started. */
  get stopping(): boolean {
    return this.#shutdown !== undefined;
  }

  /**
   * Registers how to close what has just been started. What a start brings while its end has begun is closed at once.
   *
   * @throws StoppingError in that case: nothing further is to be started
   */
  add(name: string, close: Close): void {
    if (this.#shutdown) {
      this.#shutdown = this.#shutdown.then(() => this.#close({ name, close }));
      throw new StoppingError(name);
    }
    this.#steps.push({ name, close });
  }

  /** Closes everything, last started first. A step that fails or hangs is logged and does not stop the others. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#closeAll();
    return this.#shutdown;
  }

  async #closeAll(): Promise<void> {
    for (const step of this.#steps.reverse()) await this.#close(step);
  }

  async #close({ name, close }: Step): Promise<void> {
    try {
      const late = () => new Error(`took longer than ${this.#stepTimeoutMs} ms`);
      await withDeadline(close(), this.#stepTimeoutMs, late);
    } catch (error) {
      this.#logger.error({ err: error, step: name }, 'a step of the shutdown failed');
    }
  }
}

/** The end has come before the start was over. */
class StoppingError extends Error {
  override readonly name = 'StoppingError';

  constructor(step: string) {
    super(`${step} was started while the process was shutting down`);
  }
}

/**
 * Runs a service until SIGTERM or SIGINT, then closes what it started and lets the process end by itself. When the
 * start fails the reason is logged, what was already started is closed, and the exit code is 1. A signal during the start
 * takes away what it stands on, so that it fails: that is no failure of the service.
 */
export async function runMain(options: {
  logger: Logger;
  start: (life: Lifecycle) => Promise<void>;
}): Promise<void> {
  const { logger, start } = options;
  const life = new Lifecycle(logger);
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'shutting down');
    life.shutdown().then(
      () => logger.info('stopped'),
      (error: unknown) => logger.error({ err: error }, 'the shutdown failed'),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    await start(life);
  } catch (error) {
    if (life.stopping) {
      logger.info({ err: error }, 'stopped before it had started');
    } else {
      logger.fatal({ err: error }, 'could not start');
      process.exitCode = 1;
    }
    await life.shutdown();
  }
}
