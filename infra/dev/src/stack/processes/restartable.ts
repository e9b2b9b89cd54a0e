import type { RunningServer } from '@plataforma/testing/servers/server-process';

/** How a program ended that the stack had not asked to end. */
export interface Death {
  /** Its exit code, or the signal that ended it. */
  readonly how: string;
  /** The end of what it had printed. */
  readonly output: string;
}

/** A running program that can be killed and started again at the same addresses. */
export interface Restartable<S extends RunningServer = RunningServer> {
  /** The program of the latest start. */
  readonly server: S;
  /** Settles when the program dies without having been asked to; after a `restart`, another one for the next time. */
  readonly death: Promise<Death>;
  stop(): Promise<void>;
  /** SIGKILL, as a crash: no code of the program runs any more. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, stopping it first if it still runs; resolves when it serves. */
  restart(): Promise<void>;
}

/**
 * Launches a program; `launch` is called again for each restart. What is asked of it is done in turn, so that a `stop`
 * in the middle of a `restart` leaves nothing running.
 */
export async function restartable<S extends RunningServer>(
  launch: () => Promise<S>,
): Promise<Restartable<S>> {
  let running = await launch();
  let wanted = true;
  let died = false;
  let told = Promise.withResolvers<Death>();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  const watch = (server: RunningServer) =>
    void server.exited.then((how) => {
      if (!wanted || server !== running) return;
      died = true;
      told.resolve({ how, output: server.output().trim() });
    });
  watch(running);
  return {
    get server() {
      return running;
    },
    get death() {
      return told.promise;
    },
    stop: () => {
      wanted = false;
      return inTurn(() => running.stop());
    },
    kill: () => {
      wanted = false;
      return inTurn(async () => {
        process.kill(running.pid, 'SIGKILL');
        await running.exited;
      });
    },
    restart: () => {
      wanted = false;
      return inTurn(async () => {
        await running.stop();
        running = await launch();
        if (died) told = Promise.withResolvers<Death>();
        died = false;
        wanted = true;
        watch(running);
      });
    },
  };
}
