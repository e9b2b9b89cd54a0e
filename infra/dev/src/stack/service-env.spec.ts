import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { portsFromEnv } from './ports.ts';
import type { StackSecrets } from './secrets.ts';
import { providersEnv, type Surroundings, serviceEnv } from './service-env.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

const around = {
  ports: portsFromEnv({}),
  secrets: {
    ...{ idKey: '00'.repeat(32), reservasSecret: 'r', notificacoesSecret: 'n' },
    sendgridWebhookKey: ec.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    ...{ twilioAuthToken: 'da-pilha', twilioWebhookToken: 'da-volta' },
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
    const { PORT, FCM_PUBLIC_KEY, ...twilio } = providersEnv(around);
    expect(env).toMatchObject(twilio);
    const { TWILIO_ACCOUNT_SID, TWILIO_WEBHOOK_AUTH_TOKEN } = twilio;
    expect([PORT, TWILIO_WEBHOOK_AUTH_TOKEN]).toEqual(['1081', 'da-volta']);
    expect(TWILIO_ACCOUNT_SID).toMatch(/^AC[0-9a-f]{32}$/);
    expect(FCM_PUBLIC_KEY).toContain('BEGIN PUBLIC KEY');
    expect(JSON.parse(env.PUSH_FCM_SERVICE_ACCOUNT ?? '')).toMatchObject({ token_uri: `${standIn}/token` });
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
});
