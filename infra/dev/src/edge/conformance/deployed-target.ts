import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@plataforma/runtime/logger';
import { renderedConfigurations } from '../../kong-schema/configurations.ts';
import { startEdge } from '../server.ts';

const CONTRACTS = join(import.meta.dirname, '../../../../../gen/kong');

/** A gateway with the configuration that is deployed. */
interface DeployedTarget {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** What stands at CONFORMANCE_BASE_URL; without it the edge, with the project's configuration and no service behind it. */
export async function openDeployed(): Promise<DeployedTarget> {
  const baseUrl = process.env.CONFORMANCE_BASE_URL;
  if (baseUrl !== undefined) return { baseUrl, close: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'edge-'));
  const configFile = join(folder, 'kong.yml');
  await writeFile(configFile, renderedConfigurations()[0]?.text ?? '');
  const logger = createLogger({ service: 'edge', level: 'silent' });
  const edge = await startEdge({ configFile, logger, protoRoot: CONTRACTS, host: '127.0.0.1', port: 0 });
  return {
    baseUrl: `http://127.0.0.1:${edge.port}`,
    close: async () => {
      await edge.stop();
      await rm(folder, { recursive: true });
    },
  };
}
