/** `npm run dlq -- list | show | replay | drop`: works on the events that consumers have given up. */

import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { connectEventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { natsOfStack } from '../stack/nats-of-stack.ts';
import { type DlqRequest, DlqUsageError, dlqRequest, runDlq, USAGE } from './dlq-command.ts';

const { values, words } = readCommandLine({
  name: 'dlq',
  help: USAGE,
  words: 2,
  options: { all: { type: 'boolean' }, consumer: { type: 'string' } },
});

if (words.length === 0 || words[0] === 'help') console.log(USAGE);
else await main().catch((error: Error) => complain(error.message));

async function main(): Promise<void> {
  const request = asked();
  const access = await natsOfStack();
  const logger = createLogger({ service: 'dlq', level: 'silent' });
  const bus = await connectEventBus({ ...access, name: 'dlq', logger });
  try {
    if (bus.connected) await runDlq(request, bus, (line) => console.log(line));
    else
      complain(
        `cannot use NATS at ${access.servers}${bus.failure ? ` (${bus.failure.message})` : ''}. Is "npm start" running?`,
      );
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  } finally {
    await bus.close();
  }
}

/** Read before anything is connected to: what was not understood reaches no server. */
function asked(): DlqRequest {
  try {
    return dlqRequest(words, values);
  } catch (error) {
    if (error instanceof DlqUsageError) misused('dlq', error.message);
    throw error;
  }
}

function complain(message: string): void {
  console.error(`dlq: ${message}`);
  process.exitCode = 1;
}
