/**
 * The page about the API as a process of its own, for a gateway to lead to.
 *
 * Environment: HOST (default 127.0.0.1), PORT (default 8085), LOG_LEVEL. Stops on SIGTERM or SIGINT.
 */
import { integer, loadConfig, text } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { startApiDocs } from './server.ts';

const { level, ...address } = loadConfig(process.env, {
  host: text('HOST', { default: '127.0.0.1' }),
  port: integer('PORT', { default: 8_085, max: 65_535 }),
  level: text('LOG_LEVEL', { default: 'info' }),
});
const logger = createLogger({ service: 'api-docs', level });

await runMain({
  logger,
  start: async (life) => {
    const server = await startApiDocs(address);
    life.add('api-docs', () => server.stop());
    logger.info({ host: address.host, port: server.port }, 'listening');
  },
});
