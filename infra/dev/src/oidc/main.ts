/**
 * An OpenID Connect issuer for local use, in the place of Google: asks who one wants to be, and believes it.
 *
 * Environment: PORT (default 9400), CLIENT_ID, CLIENT_SECRET, REDIRECT_URIS (commas between), LOG_LEVEL. Stops on SIGTERM or
 * SIGINT.
 */
import { integer, list, loadConfig, secret, text } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { startOidcIssuer } from '@plataforma/testing/oidc/issuer';

const fields = {
  port: integer('PORT', { default: 9_400, max: 65_535 }),
  id: text('CLIENT_ID'),
  secret: secret('CLIENT_SECRET'),
  redirectUris: list('REDIRECT_URIS'),
};

const { level } = loadConfig(process.env, { level: text('LOG_LEVEL', { default: 'info' }) });
const logger = createLogger({ service: 'oidc-issuer', level });

await runMain({
  logger,
  start: async (life) => {
    const { port, ...client } = loadConfig(process.env, fields);
    const { issuer, stop } = await startOidcIssuer({ clients: [client], port });
    life.add('oidc-issuer', stop);
    logger.info({ issuer }, 'listening');
  },
});
