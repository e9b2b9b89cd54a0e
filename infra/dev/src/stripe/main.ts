/**
 * The Stripe stand-in as a process of its own, for local use.
 *
 * Environment: PORT (default 12111), HOST (127.0.0.1), PUBLIC_URL (base of the hosted pages), WEBHOOK_URL,
 * WEBHOOK_SECRET (one or two separated by a comma), WEBHOOK_EVENTS (types that are sent; all when absent),
 * STRIPE_SECRET_KEY (the only key accepted; any `sk_test_...` when absent), DATA_FILE (memory only when absent), SEED,
 * LOG_LEVEL. Stops on SIGTERM or SIGINT.
 */
import { integer, list, loadConfig, optional, secret, text, url } from '@plataforma/runtime/config';
import { runMain } from '@plataforma/runtime/lifecycle';
import { createLogger } from '@plataforma/runtime/logger';
import { startStripeStandIn } from './server.ts';

const fields = {
  port: integer('PORT', { default: 12_111, max: 65_535 }),
  host: text('HOST', { default: '127.0.0.1' }),
  publicUrl: optional(url('PUBLIC_URL', ['http', 'https'])),
  webhookUrl: optional(url('WEBHOOK_URL', ['http', 'https'])),
  webhookSecrets: list('WEBHOOK_SECRET', { default: [] }),
  webhookEvents: list('WEBHOOK_EVENTS', { default: ['*'] }),
  secretKey: optional(secret('STRIPE_SECRET_KEY', { minLength: 8 })),
  dataFile: optional(text('DATA_FILE')),
  seed: integer('SEED', { default: 1 }),
};

/** Deliveries in flight: Stripe does not wait for the answer to one event before it sends the next. */
const SIDE_BY_SIDE = 16;

const { level } = loadConfig(process.env, { level: text('LOG_LEVEL', { default: 'info' }) });
const logger = createLogger({ service: 'stripe-standin', level });

await runMain({
  logger,
  start: async (life) => {
    const { publicUrl, webhookUrl, webhookEvents, secretKey, dataFile, ...required } = loadConfig(
      process.env,
      fields,
    );
    const standIn = await startStripeStandIn({
      ...required,
      webhooks: { enabledEvents: [...webhookEvents], concurrency: SIDE_BY_SIDE },
      ...(publicUrl !== undefined && { publicUrl }),
      ...(webhookUrl !== undefined && { webhookUrl }),
      ...(secretKey !== undefined && { secretKey }),
      ...(dataFile !== undefined && { dataFile }),
      log: logger,
    });
    life.add('stripe-standin', standIn.stop);
    logger.info({ url: standIn.url, webhookUrl: webhookUrl ?? null }, 'listening');
  },
});
