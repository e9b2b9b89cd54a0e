import { Code, ConnectError } from '@connectrpc/connect';
import {
  Health as HealthService,
  HealthCheckResponse_ServingStatus as Status,
} from '@plataforma/contratos/grpc/health/v1/health_pb';
import { withDeadline } from '../deadlines/wait.ts';
import { type RpcService, rpcService } from './rpc.ts';

const CHECK_TIMEOUT_MS = 2_000;

export interface Readiness {
  readonly ready: boolean;
  /** `ok` or why not, by name of the check. Meant for operators. */
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * Whether this process should get traffic. It starts NOT_SERVING: call `setServing(true)` when everything is up,
 * and `setServing(false)` first of all when shutting down.
 */
export class Health {
  readonly #checks = new Map<string, () => Promise<void>>();
  readonly #listeners = new Set<() => void>();
  #serving = false;
  #running: Promise<Readiness> | undefined;

  /** Adds a dependency without which no request can be served. The check rejects when it is not reachable. */
  addCheck(name: string, check: () => Promise<void>): void {
    this.#checks.set(name, check);
  }

  setServing(serving: boolean): void {
    if (this.#serving === serving) return;
    this.#serving = serving;
    for (const listener of this.#listeners) listener();
  }

  isServing(): boolean {
    return this.#serving;
  }

  /** Runs all checks, each for at most 2 s. Callers that come while they run share the result. */
  readiness(): Promise<Readiness> {
    this.#running ??= this.#runChecks().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #runChecks(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const ready = this.#serving && results.every(([, result]) => result === 'ok');
    return { ready, checks: Object.fromEntries(results) };
  }

  /** Yields whether this process serves, now and after every change, until the signal fires. */
  async *watch(signal: AbortSignal): AsyncGenerator<boolean> {
    let wake: () => void = () => undefined;
    const onChange = () => wake();
    this.#listeners.add(onChange);
    signal.addEventListener('abort', onChange);
    try {
      let last: boolean | undefined;
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (last === this.#serving) {
          await changed;
        } else {
          last = this.#serving;
          yield last;
        }
      }
    } finally {
      this.#listeners.delete(onChange);
      signal.removeEventListener('abort', onChange);
    }
  }
}

async function outcome(check: () => Promise<void>): Promise<string> {
  const late = () => new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`);
  try {
    await withDeadline(check(), CHECK_TIMEOUT_MS, late);
    return 'ok';
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  }
}

/**
 * `grpc.health.v1.Health` for the given service names and for the whole server (empty name).
 * https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function healthService(health: Health, names: readonly string[]): RpcService {
  const known = new Set(['', ...names]);
  const status = (name: string, serving = health.isServing()) => {
    if (!known.has(name)) return Status.SERVICE_UNKNOWN;
    return serving ? Status.SERVING : Status.NOT_SERVING;
  };
  return rpcService(HealthService, {
    acesso: { check: 'PUBLICO', list: 'PUBLICO', watch: 'PUBLICO' },
    impl: {
      check({ service }) {
        if (!known.has(service)) throw new ConnectError('unknown service', Code.NotFound);
        return { status: status(service) };
      },
      list: () => ({
        statuses: Object.fromEntries([...known].map((name) => [name, { status: status(name) }])),
      }),
      async *watch({ service }, { signal }) {
        for await (const serving of health.watch(signal)) yield { status: status(service, serving) };
      },
    },
  });
}
