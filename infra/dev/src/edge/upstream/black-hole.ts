import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port that neither takes a connection nor refuses one, as a machine that is gone. */
export interface BlackHole {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens, and never again looks at who is there. */
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:worker_threads').parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** As many connections as a queue of one takes in: it is full with them. */
const QUEUE = 2;

export async function openBlackHole(): Promise<BlackHole> {
  const worker = new Worker(LISTENER, { eval: true });
  worker.unref();
  const [port] = (await once(worker, 'message')) as [number];
  const queued: Socket[] = Array.from({ length: QUEUE }, () => connect(port, '127.0.0.1'));
  await Promise.all(queued.map((socket) => once(socket, 'connect')));
  return {
    port,
    close: async () => {
      for (const socket of queued) socket.destroy();
      await worker.terminate();
    },
  };
}
