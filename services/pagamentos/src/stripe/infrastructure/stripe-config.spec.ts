import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '@plataforma/runtime/config';
import { stripeFields as own } from './stripe-config.ts';

const ENV = {
  STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef',
  STRIPE_WEBHOOK_SECRETS: 'whsec_old_0123456789, whsec_new_0123456789',
  CHECKOUT_SUCCESS_URL: 'https://loja.test/ok?sessao={CHECKOUT_SESSION_ID}',
  CHECKOUT_CANCEL_URL: 'https://loja.test/volta',
};

describe('the configuration of Stripe', () => {
  it('reads two webhook secrets while one replaces the other', () => {
    expect(loadConfig(ENV, own)).toMatchObject({
      stripeApiUrl: undefined,
      stripeWebhookSecrets: ['whsec_old_0123456789', 'whsec_new_0123456789'],
    });
  });

  it.each(['CHECKOUT_SUCCESS_URL', 'CHECKOUT_CANCEL_URL'])('refuses in %s what nobody fills in', (name) => {
    const com = (parte: string) => () => loadConfig({ ...ENV, [name]: `https://loja.test/${parte}` }, own);
    expect(com('{RESERVA_ID}')).not.toThrow();
    expect(com('{RESERVATION}')).toThrow(/nobody fills in \{RESERVATION\}/);
    const sessao = expect(com('{CHECKOUT_SESSION_ID}'));
    if (name === 'CHECKOUT_CANCEL_URL') sessao.toThrow(ConfigError);
    else sessao.not.toThrow();
  });

  it.each(['curto', 'whsec_old_0123456789,curto', ' , '])(
    'refuses the webhook secrets "%s" without repeating them',
    (secrets) => {
      const read = () => loadConfig({ ...ENV, STRIPE_WEBHOOK_SECRETS: secrets }, own);
      expect(read).toThrow(ConfigError);
      expect(read).not.toThrow(/curto/);
    },
  );
});
