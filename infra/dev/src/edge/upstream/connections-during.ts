import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** How many connections to this port were begun while this was done. What else the process connects to does not count. */
export async function connectionsDuring(port: number, work: () => Promise<unknown>): Promise<number> {
  let begun = 0;
  const sockets = channel('net.client.socket');
  const count = (message: unknown) => {
    (message as { readonly socket: Socket }).socket.once('connectionAttempt', (_ip, to) => {
      if (to === port) begun += 1;
    });
  };
  sockets.subscribe(count);
  await work();
  sockets.unsubscribe(count);
  return begun;
}
