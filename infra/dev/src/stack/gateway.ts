import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PublishedKey, renderKongConfig, type ServicoAddresses } from '../../../kong/render.ts';
import type { StackPorts } from './ports.ts';
import { startNodeProcess } from './processes/node-process.ts';
import type { Restartable } from './processes/restartable.ts';
import { portsOf, SERVICES, type ServiceName } from './service-env.ts';
import { writeWhole } from './whole-file.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const KONG = join(ROOT, 'infra', 'kong');

/** Every client of a local stack has one address, so the limits meant for one client would meet them all. */
const LIMITS = { global: 60_000, credentials: 6_000, webhook: 60_000 };

/** Where a stack's edge runs, and what it is told about telemetry. */
export interface GatewayOptions {
  readonly dataDir: string;
  readonly ports: StackPorts;
  readonly env: NodeJS.ProcessEnv;
  readonly aborted?: AbortSignal | undefined;
}

/** Renders kong.yml with the keys that auth publishes and starts the REST edge on it. */
export async function startGateway({ dataDir, ports, env, aborted }: GatewayOptions): Promise<Restartable> {
  const configFile = join(dataDir, 'kong.yml');
  // The edge reads it again whenever it changes.
  await writeWhole(configFile, await renderConfig(ports));
  const edge = `http://127.0.0.1:${ports.EDGE_PORT}`;
  return startNodeProcess({
    name: 'REST edge',
    args: ['infra/dev/src/edge/main.ts'],
    env: {
      PATH: env.PATH ?? '',
      EDGE_PORT: `${ports.EDGE_PORT}`,
      KONG_CONFIG: configFile,
      PROTO_ROOT: join(ROOT, 'gen', 'kong'),
      LOG_LEVEL: env.LOG_LEVEL || 'info',
    },
    ports: [ports.EDGE_PORT],
    readyUrl: `${edge}/.well-known/jwks.json`,
    logFile: join(dataDir, 'logs', 'edge.log'),
    aborted,
  });
}

async function renderConfig(ports: StackPorts): Promise<string> {
  const read = (name: string) => readFile(join(KONG, name), 'utf8');
  const addresses = SERVICES.map((name): [ServiceName, ServicoAddresses] => {
    const { grpc, http } = portsOf(name, ports);
    return [name, { grpc: `127.0.0.1:${grpc}`, http: `127.0.0.1:${http}` }];
  });
  return renderKongConfig({
    template: await read('kong.yml'),
    postFunction: {
      headerFilter: await read('post-function/header_filter.lua'),
      bodyFilter: await read('post-function/body_filter.lua'),
    },
    jwks: await publishedKeys(ports.AUTH_HTTP_PORT),
    upstreams: Object.fromEntries(addresses) as Record<ServiceName, ServicoAddresses>,
    rateLimit: { policy: 'local' },
    limits: LIMITS,
  });
}

async function publishedKeys(authHttpPort: number): Promise<{ keys: PublishedKey[] }> {
  const response = await fetch(`http://127.0.0.1:${authHttpPort}/.well-known/jwks.json`, {
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`auth does not publish its keys (${response.status}).`);
  return (await response.json()) as { keys: PublishedKey[] };
}
