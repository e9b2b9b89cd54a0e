import { join } from 'node:path';
import { renderedConfigurations } from '../../kong-schema/configurations.ts';
import { startEdgeOfConfig } from './edge-of-config.ts';

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
  return startEdgeOfConfig(renderedConfigurations()[0]?.text ?? '', CONTRACTS);
}
