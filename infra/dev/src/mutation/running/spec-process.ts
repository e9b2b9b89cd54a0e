import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './orders.ts';

/** How a process is silent that a mutant keeps busy. Many times what a starved machine has been seen to need. */
const SILENCE_MS = 60_000;

export type Outcome = Answer | { readonly stuck: string };

/** How specs are run: a process with the instrumented sources. */
export interface Specs {
  run(order: Order, limitMs: number): Promise<Outcome>;
  /** Whatever mutants have left behind is gone afterwards. */
  stop(): Promise<void>;
}

/** Runs orders one after the other in a process that is replaced when it dies or is stuck. */
export class SpecProcess implements Specs {
  readonly #sources: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;
  #child: ChildProcess | undefined;
  /** Of the child: a killed process cannot clear up. */
  #temporary = '';
  #output = '';

  constructor(sources: string, env: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.#sources = sources;
    this.#env = env;
    this.#signal = signal;
  }

  /**
   * Resolves with why there is no answer when the process died, fell silent, or took longer than `limitMs`.
   *
   * @throws the reason of the signal, once it is aborted: then an outcome would mean nothing.
   */
  async run(order: Order, limitMs: number): Promise<Outcome> {
    this.#signal.throwIfAborted();
    const child = this.#child ?? (await this.#start());
    const outcome = await new Promise<Outcome>((resolve) => {
      let beat = Date.now();
      const start = beat;
      const settle = (result: Outcome) => {
        clearInterval(watch);
        child.off('message', hear).off('exit', died);
        resolve(result);
      };
      const hear = (message: unknown) => {
        if (message === 'alive') beat = Date.now();
        else settle(message as Answer);
      };
      const died = (code: number | null, signal: string | null) =>
        settle({ stuck: `died (${signal ?? code}) ${this.#output.slice(-2000)}` });
      const watch = setInterval(() => {
        if (Date.now() - beat > SILENCE_MS) settle({ stuck: 'never let go of the thread' });
        if (Date.now() - start > limitMs) settle({ stuck: `not over after ${Math.round(limitMs / 1000)} s` });
      }, 500);
      child.on('message', hear).on('exit', died);
      child.send(order);
    });
    if ('stuck' in outcome) await this.stop();
    this.#signal.throwIfAborted();
    return outcome;
  }

  /** Ends the process and the servers that its specs have started; the next order starts another. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child?.pid) return;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has gone already.
    }
    await gone;
    await rm(this.#temporary, { recursive: true, force: true, maxRetries: 5 });
  }

  async #start(): Promise<ChildProcess> {
    this.#temporary = mkdtempSync(join(tmpdir(), 'plataforma-mutation-'));
    // PostgreSQL may run under another account.
    chmodSync(this.#temporary, 0o711);
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [this.#sources], {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--max-old-space-size=2048'],
      env: { ...this.#env, TMPDIR: this.#temporary },
      // A group of its own, so that its servers end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk).slice(-4000);
      });
    }
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (message !== 'ready')
      throw new Error(`The process that runs the specs did not start.\n${this.#output}`);
    return child;
  }
}
