/**
 * The stand-ins of SMS and push providers as a process of its own, for local use.
 *
 * Environment: PORT, TWILIO_AUTH_TOKEN, TWILIO_WEBHOOK_AUTH_TOKEN, FCM_PUBLIC_KEY, WEB_PUSH_PUBLIC_KEY, LOG_LEVEL. Stops on SIGTERM or SIGINT.
 */
import { integer, loadConfig, optional, secret, text } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { Providers } from './providers.ts';

const fields = {
  port: integer('PORT', { default: 1_081, max: 65_535 }),
  twilioAuthToken: secret('TWILIO_AUTH_TOKEN'),
  twilioWebhookToken: optional(secret('TWILIO_WEBHOOK_AUTH_TOKEN')),
  fcmPublicKey: text('FCM_PUBLIC_KEY'),
  webPushPublicKey: text('WEB_PUSH_PUBLIC_KEY'),
  level: text('LOG_LEVEL', { default: 'info' }),
};

const { level, ...keys } = loadConfig(process.env, fields);
const logger = createLogger({ service: 'providers-standin', level });

await runMain({
  logger,
  start: async (life) => {
    const providers = new Providers(keys);
    await providers.start(keys.port);
    life.add('providers-standin', () => providers.stop());
    logger.info({ port: keys.port }, 'listening');
  },
});
