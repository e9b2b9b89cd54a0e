import { type ConfigOf, type Field, list, optional, secret, url } from '@plataforma/runtime/config';

const MIN_SECRET_LENGTH = 16;

/** What is read of the environment about Stripe. */
export const stripeFields = {
  stripeSecretKey: secret('STRIPE_SECRET_KEY', { minLength: 12 }),
  /** Another address of the Stripe API, for the local stand-in. */
  stripeApiUrl: optional(url('STRIPE_API_URL', ['http', 'https'])),
  /** Two while one replaces the other. */
  stripeWebhookSecrets: secrets('STRIPE_WEBHOOK_SECRETS'),
  /**
   * Where the payment page sends the customer afterwards. `{RESERVA_ID}` stands for the reservation; Stripe fills in
   * `{CHECKOUT_SESSION_ID}` of the first one only.
   */
  checkoutSuccessUrl: pagina('CHECKOUT_SUCCESS_URL', ['{RESERVA_ID}', '{CHECKOUT_SESSION_ID}']),
  checkoutCancelUrl: pagina('CHECKOUT_CANCEL_URL', ['{RESERVA_ID}']),
};

export type StripeConfig = ConfigOf<typeof stripeFields>;

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

/** The address of a page. A placeholder that neither we nor Stripe fill in would be shown to the customer as it is. */
function pagina(name: string, conhecidos: readonly string[]): Field<string> {
  const endereco = url(name, ['http', 'https']);
  return {
    ...endereco,
    parse(value) {
      const estranho = (value.match(/\{[^{}]*\}/g) ?? []).find((um) => !conhecidos.includes(um));
      if (estranho) throw new Error(`nobody fills in ${estranho}; it may hold ${conhecidos.join(' and ')}`);
      return endereco.parse(value);
    },
  };
}
