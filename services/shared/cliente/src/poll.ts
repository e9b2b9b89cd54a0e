import { ErroDaPlataforma } from './erro.ts';
import { sleep } from './retries.ts';

/** For what a caller waits, and how long. */
export interface Wait<T> {
  readonly until: (answer: T) => boolean;
  /** 60 s when left out. */
  readonly timeoutMs?: number;
  /** Between two questions; a second when left out. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks again and again until the answer is the one that is waited for.
 *
 * `poll(() => reservas.obterReserva({ reservaId }), { until: ({ status }) => status === StatusReserva.CONFIRMADA })`
 *
 * @throws ErroDaPlataforma `deadline_exceeded` when it does not come in time, `canceled` when the signal does.
 */
export async function poll<T>(ask: () => Promise<T>, wait: Wait<T>): Promise<T> {
  const { until, timeoutMs = 60_000, intervalMs = 1_000, signal } = wait;
  const deadline = performance.now() + timeoutMs;
  while (true) {
    const answer = await ask();
    if (until(answer)) return answer;
    await sleep(Math.min(intervalMs, deadline - performance.now()), signal);
    if (signal?.aborted) throw new ErroDaPlataforma('A espera foi cancelada.', { code: 'canceled' });
    if (performance.now() >= deadline)
      throw new ErroDaPlataforma('O que se esperava não aconteceu a tempo.', { code: 'deadline_exceeded' });
  }
}
