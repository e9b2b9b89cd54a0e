import { integer, loadConfig, text } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { startEdge } from './server.ts';

const config = loadConfig(process.env, {
  host: text('EDGE_HOST', { default: '127.0.0.1' }),
  port: integer('EDGE_PORT', { default: 8000 }),
  configFile: text('KONG_CONFIG'),
  protoRoot: text('PROTO_ROOT'),
  logLevel: text('LOG_LEVEL', { default: 'info' }),
});
const logger = createLogger({ service: 'edge', level: config.logLevel });

await runMain({
  logger,
  start: async (life) => {
    const edge = await startEdge({ ...config, logger });
    life.add('edge', () => edge.stop());
    process.on('SIGHUP', () => {
      edge.reload().catch((error: unknown) => logger.error({ err: error }, 'the configuration is refused'));
    });
  },
});
