import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@plataforma/runtime/logger';
import { startEdge } from '../server.ts';

/** A local edge with a configuration of its own. */
interface EdgeOfConfig {
  readonly baseUrl: string;
  /** Has it go on by another one. @throws Error with its reasons when it refuses that */
  apply(kongYml: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an edge on any free port.
 *
 * @param protoRoot where the protos are that the configuration names
 */
export async function startEdgeOfConfig(kongYml: string, protoRoot: string): Promise<EdgeOfConfig> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-'));
  const configFile = join(folder, 'kong.yml');
  await writeFile(configFile, kongYml);
  const logger = createLogger({ service: 'edge', level: 'silent' });
  const edge = await startEdge({ configFile, logger, protoRoot, host: '127.0.0.1', port: 0 });
  return {
    baseUrl: `http://127.0.0.1:${edge.port}`,
    apply: async (changed) => {
      await writeFile(configFile, changed);
      await edge.reload();
    },
    close: async () => {
      await edge.stop();
      await rm(folder, { recursive: true });
    },
  };
}
