import { channel } from 'node:diagnostics_channel';

/** How many connections were asked for while this was done. */
export async function connectionsDuring(work: () => Promise<unknown>): Promise<number> {
  let opened = 0;
  const sockets = channel('net.client.socket');
  const count = () => {
    opened += 1;
  };
  sockets.subscribe(count);
  await work();
  sockets.unsubscribe(count);
  return opened;
}
