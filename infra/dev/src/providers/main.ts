/**
 * The stand-ins of providers of messages as a process of its own, for local use. Stops on SIGTERM or SIGINT.
 *
 * Environment: PORT, EVENTS_URL, PROVIDERS_KEY, SENDGRID_WEBHOOK_KEY, RESEND_WEBHOOK_SECRET, TWILIO_AUTH_TOKEN, TWILIO_WEBHOOK_AUTH_TOKEN,
 * FCM_PUBLIC_KEY, WEB_PUSH_PUBLIC_KEY, LOG_LEVEL.
 */
import { integer, loadConfig, optional, secret, text, url } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { Providers } from './providers.ts';

const fields = {
  port: integer('PORT', { default: 1_081, max: 65_535 }),
  eventsUrl: url('EVENTS_URL', ['http']),
  key: secret('PROVIDERS_KEY'),
  sendGridWebhookKey: secret('SENDGRID_WEBHOOK_KEY'),
  resendWebhookSecret: secret('RESEND_WEBHOOK_SECRET'),
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
