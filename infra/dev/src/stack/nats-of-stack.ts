import { dataFolder } from './data-folder.ts';
import { readEnvironments } from './environments.ts';
import { portsFromEnv } from './ports.ts';

/** Where commands find NATS: as the environment says, or where the stack of the data folder was started last. */
export async function natsOfStack(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.NATS_URL) return env.NATS_URL;
  const started = env.NATS_PORT ? undefined : await readEnvironments(dataFolder(env));
  return started?.reservas?.NATS_URL ?? `nats://127.0.0.1:${portsFromEnv(env).NATS_PORT}`;
}
