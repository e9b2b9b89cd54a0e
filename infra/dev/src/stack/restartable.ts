import type { RunningServer } from '@plataforma/testing/servers/server-process';

/** A running program that can be killed and started again at the same addresses. */
export interface Restartable {
  /** Settles when the program is gone without having been asked to go. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, as a crash: no code of the program runs any more. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, stopping it first if it still runs; resolves when it serves. */
  restart(): Promise<void>;
}

/** Launches a program; `launch` is called again for each restart. */
export async function restartable(launch: () => Promise<RunningServer>): Promise<Restartable> {
  let running = await launch();
  let expected = false;
  const { promise: exited, resolve: reportExit } = Promise.withResolvers<void>();
  const watch = (server: RunningServer) => void server.exited.then(() => expected || reportExit());
  watch(running);
  return {
    exited,
    stop: () => {
      expected = true;
      return running.stop();
    },
    kill: async () => {
      expected = true;
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
    },
    restart: async () => {
      expected = true;
      await running.stop();
      running = await launch();
      expected = false;
      watch(running);
    },
  };
}
