import { type ConfigOf, type Field, list, optional, secret, url } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service';

const MIN_SECRET_LENGTH = 16;

/** What pagamentos reads from its environment. */
export const fields = {
  ...commonFields,
  stripeSecretKey: secret('STRIPE_SECRET_KEY', { minLength: 12 }),
  /** Another address of the Stripe API, for the local stand-in. */
  stripeApiUrl: optional(url('STRIPE_API_URL', ['http', 'https'])),
  /** Two while one replaces the other. */
  stripeWebhookSecrets: secrets('STRIPE_WEBHOOK_SECRETS'),
  /** Where the payment page sends the customer afterwards. */
  checkoutSuccessUrl: url('CHECKOUT_SUCCESS_URL', ['http', 'https']),
  checkoutCancelUrl: url('CHECKOUT_CANCEL_URL', ['http', 'https']),
};

export type PagamentosConfig = ConfigOf<typeof fields>;

function secrets(name: string): Field<readonly string[]> {
  const texts = list(name);
  return {
    ...texts,
    parse(value) {
      const items = texts.parse(value);
      if (items.length === 0 || items.some((item) => item.length < MIN_SECRET_LENGTH))
        throw new Error(`needs secrets of at least ${MIN_SECRET_LENGTH} characters, separated by commas`);
      return items;
    },
  };
}
