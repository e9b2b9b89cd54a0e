import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endsWithTheRun } from '@plataforma/testing/jest/end-of-run';
import type { Place } from './platform.ts';
import { SHARED_PLATFORM } from './shared-platform.ts';
import { TestStack } from './test-stack.ts';

const interruption = new AbortController();
let starting: Promise<TestStack> | undefined;

/** jest's globalSetup of the project `e2e`: one platform for the whole run, started for the first suite that asks. */
export default async function share(): Promise<void> {
  const server = createServer((_request, response) => void tell(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env[SHARED_PLATFORM] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endsWithTheRun(async () => {
    interruption.abort(new Error('the run is over'));
    server.close();
    server.closeAllConnections();
    // A start that has failed was told to those who asked, and has left nothing.
    const platform = await starting?.catch(() => undefined);
    await platform?.stop();
  });
}

async function tell(response: ServerResponse): Promise<void> {
  starting ??= TestStack.start({}, interruption.signal);
  try {
    const { ports, secrets, natsUrl, databases, dataDir } = (await starting).stack;
    response.end(JSON.stringify({ ports, secrets, natsUrl, databases, dataDir } satisfies Place));
  } catch (error) {
    response.writeHead(500).end(`the shared platform did not start: ${(error as Error).message}`);
  }
}
