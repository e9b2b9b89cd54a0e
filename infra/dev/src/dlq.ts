/** `npm run dlq -- list | show | replay | drop`: works on the events that consumers have given up. */
import { connectEventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { DlqUsageError, runDlq, USAGE } from './dlq/dlq-command.ts';

const args = process.argv.slice(2);
const servers = process.env.NATS_URL || `nats://127.0.0.1:${process.env.NATS_PORT || 4222}`;

if (args.length === 0 || args.some((word) => ['--help', '-h', 'help'].includes(word))) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const logger = createLogger({ service: 'dlq', level: 'silent' });
  const bus = await connectEventBus({ servers, name: 'dlq', logger });
  try {
    if (!bus.connected) return complain(`cannot reach NATS at ${servers}. Is "npm start" running?`);
    await runDlq(args, bus, (line) => console.log(line));
    return 0;
  } catch (error) {
    const hint = error instanceof DlqUsageError ? '; --help shows the commands' : '';
    return complain(`${error instanceof Error ? error.message : String(error)}${hint}`);
  } finally {
    await bus.close();
  }
}

function complain(message: string): number {
  console.error(`dlq: ${message}`);
  return 1;
}
