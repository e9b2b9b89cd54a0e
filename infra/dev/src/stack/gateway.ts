import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readKongFiles } from '../../../kong/kong-files.ts';
import { followKeys, type Jwks, readKeys } from '../../../kong/published-keys.ts';
import { renderKongConfig, type ServicoAddresses } from '../../../kong/render.ts';
import type { StackPorts } from './ports.ts';
import { startNodeProcess } from './processes/node-process.ts';
import type { Restartable } from './processes/restartable.ts';
import { portsOf, SERVICES, type ServiceName } from './service-env.ts';
import { writeWhole } from './whole-file.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Every client of a local stack has one address, so the limits meant for one client would meet them all. */
const LIMITS = { global: 60_000, credentials: 6_000, webhook: 60_000 };

/** Where a stack's edge runs, and what it is told about telemetry. */
export interface GatewayOptions {
  readonly dataDir: string;
  readonly ports: StackPorts;
  readonly env: NodeJS.ProcessEnv;
  /** Of the whole stack: until then the edge is given the keys that auth publishes. */
  readonly aborted: AbortSignal;
}

/** Renders kong.yml with the keys that auth publishes and starts the REST edge on it. */
export async function startGateway({ dataDir, ports, env, aborted }: GatewayOptions): Promise<Restartable> {
  const configFile = join(dataDir, 'kong.yml');
  const source = `http://127.0.0.1:${ports.AUTH_HTTP_PORT}/.well-known/jwks.json`;
  // The edge reads it again whenever it changes.
  const apply = async (jwks: Jwks) => writeWhole(configFile, renderConfig(ports, jwks));
  await apply(await readKeys(source));
  const log = join(dataDir, 'logs', 'edge-keys.log');
  const told = (line: string) => appendFileSync(log, `${line}\n`);
  void followKeys({ source, apply, told, signal: aborted });
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

/** Starts what serves the page about the API; the edge leads there. */
export function startApiDocs({ dataDir, ports, env, aborted }: GatewayOptions): Promise<Restartable> {
  return startNodeProcess({
    name: 'API documents',
    args: ['infra/dev/src/api-docs/main.ts'],
    env: { PATH: env.PATH ?? '', PORT: `${ports.DOCS_PORT}`, LOG_LEVEL: env.LOG_LEVEL || 'info' },
    ports: [ports.DOCS_PORT],
    readyUrl: `http://127.0.0.1:${ports.DOCS_PORT}/openapi.json`,
    logFile: join(dataDir, 'logs', 'api-docs.log'),
    aborted,
  });
}

function renderConfig(ports: StackPorts, jwks: Jwks): string {
  const addresses = SERVICES.map((name): [ServiceName, ServicoAddresses] => {
    const { grpc, http } = portsOf(name, ports);
    return [name, { grpc: `127.0.0.1:${grpc}`, http: `127.0.0.1:${http}` }];
  });
  return renderKongConfig({
    ...readKongFiles(),
    jwks,
    upstreams: Object.fromEntries(addresses) as Record<ServiceName, ServicoAddresses>,
    rateLimit: { policy: 'local' },
    limits: LIMITS,
    docs: `127.0.0.1:${ports.DOCS_PORT}`,
  });
}
