import { loadConfig } from '@plataforma/runtime/config';
import { type NatsAccess, natsAccess, natsFields } from '@plataforma/runtime/nats-access';
import { dataFolder } from './data-folder.ts';
import { readEnvironments } from './environments.ts';
import { portsFromEnv } from './ports.ts';

/**
 * How commands reach NATS: as the environment says, in the words that the services understand, or else where the stack of
 * the data folder was started last.
 */
export async function natsOfStack(env: NodeJS.ProcessEnv = process.env): Promise<NatsAccess> {
  const NATS_URL = env.NATS_URL || (await addressOfStack(env));
  return natsAccess(loadConfig({ ...env, NATS_URL }, natsFields));
}

async function addressOfStack(env: NodeJS.ProcessEnv): Promise<string> {
  const started = env.NATS_PORT ? undefined : await readEnvironments(dataFolder(env));
  return started?.reservas?.NATS_URL ?? `nats://127.0.0.1:${portsFromEnv(env).NATS_PORT}`;
}
