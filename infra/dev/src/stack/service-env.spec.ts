import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { portsFromEnv } from './ports.ts';
import { hasRealMail, providersEnv } from './provider-env.ts';
import type { StackSecrets } from './secrets.ts';
import { type Surroundings, serviceEnv } from './service-env.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** The keys of RFC 8291, appendix A. */
const VAPID = [
  'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
] as const;

const around = {
  ports: portsFromEnv({}),
  secrets: {
    ...{ idKey: '00'.repeat(32), reservasSecret: 'r', notificacoesSecret: 'n' },
    sendgridWebhookKey: ec.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    ...{ twilioAuthToken: 'da-pilha', twilioWebhookToken: 'da-volta' },
    ...{ providersKey: 'dos-substitutos', resendWebhookSecret: 'whsec_' },
    vapidKey: VAPID[0],
    fcmKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  } as StackSecrets,
  databases: { auth: 'a', reservas: 'r', pagamentos: 'p', notificacoes: 'n' },
  ...{ redisUrl: 'redis://', natsUrl: 'nats://', stripeSecretKey: undefined, logLevel: 'info' },
} satisfies Surroundings;

describe('the environment of a service on the local stack', () => {
  it('sends SMS and push messages to their stand-ins, which know its keys', () => {
    const env = serviceEnv('notificacoes', around, {});
    const standIn = 'http://127.0.0.1:1081';
    expect(env).toMatchObject({ SMS_PROVIDER: 'twilio', TWILIO_URL: standIn, PUSH_FCM_URL: standIn });
    const { PORT, FCM_PUBLIC_KEY, PROVIDERS_KEY, TWILIO_AUTH_TOKEN, TWILIO_WEBHOOK_AUTH_TOKEN } =
      providersEnv(around, {});
    expect(env).toMatchObject({ TWILIO_AUTH_TOKEN, TWILIO_WEBHOOK_AUTH_TOKEN });
    expect(env).toMatchObject({ SENDGRID_API_KEY: PROVIDERS_KEY, RESEND_API_KEY: PROVIDERS_KEY });
    expect([PORT, TWILIO_WEBHOOK_AUTH_TOKEN]).toEqual(['1081', 'da-volta']);
    expect(FCM_PUBLIC_KEY).toContain('BEGIN PUBLIC KEY');
    expect(JSON.parse(env.PUSH_FCM_SERVICE_ACCOUNT ?? '')).toMatchObject({ token_uri: `${standIn}/token` });
  });

  it('sends to browsers, whose push service is this machine, under the key that they subscribe with', () => {
    const env = serviceEnv('notificacoes', around, {});
    expect(env).toMatchObject({ WEB_PUSH_VAPID_PRIVATE_KEY: VAPID[0], WEB_PUSH_ALLOW_LOOPBACK: 'true' });
    expect(providersEnv(around, {}).WEB_PUSH_PUBLIC_KEY).toBe(VAPID[1]);
    const minha = { WEB_PUSH_VAPID_PRIVATE_KEY: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94' };
    expect(serviceEnv('notificacoes', around, minha)).toMatchObject(minha);
    expect(providersEnv(around, minha).WEB_PUSH_PUBLIC_KEY).not.toBe(VAPID[1]);
  });

  it('lets the caller choose who carries messages, for notificacoes alone, and nothing else', () => {
    const caller = {
      ...{ EMAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_1', TWILIO_AUTH_TOKEN: 'minha', SMS_PROVIDER: '' },
      ...{ WEBHOOK_KEYS: 'minha', DATABASE_URL: 'minha', HOME: '/root' },
    };
    const env = serviceEnv('notificacoes', around, caller);
    expect(env).toMatchObject({
      ...{ EMAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_1', TWILIO_AUTH_TOKEN: 'minha' },
      ...{ SMS_PROVIDER: 'twilio', DATABASE_URL: 'n' },
    });
    expect(env.WEBHOOK_KEYS).not.toBe('minha');
    expect(env).not.toHaveProperty('HOME');
    expect(serviceEnv('reservas', around, caller)).not.toHaveProperty('RESEND_API_KEY');
  });

  it('stands in for no provider whose key the caller has', () => {
    const caller = { EMAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_1', TWILIO_AUTH_TOKEN: 'minha' };
    const env = serviceEnv('notificacoes', around, caller);
    expect([caller, { RESEND_API_KEY: 're_1' }, { SMTP_URL: 'smtp://fora' }].map(hasRealMail)).toEqual([
      ...[true, false, true],
    ]);
    for (const variable of ['RESEND_URL', 'TWILIO_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_FROM'])
      expect(env).not.toHaveProperty(variable);
    expect(env).toMatchObject({ SENDGRID_URL: 'http://127.0.0.1:1081', SMTP_URL: 'smtp://127.0.0.1:1025' });
  });
});
