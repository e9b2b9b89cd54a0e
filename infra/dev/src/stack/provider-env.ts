import { createPublicKey } from 'node:crypto';
import { FCM_ACCOUNT } from '@plataforma/testing/providers/fcm';
import { TWILIO_ACCOUNT } from '@plataforma/testing/providers/twilio';
import { VONAGE_ACCOUNT } from '@plataforma/testing/providers/vonage';
import type { StackPorts } from './ports.ts';
import { type StackSecrets, vapidPublicKey } from './secrets.ts';

interface Around {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
}

const local = (port: number) => `127.0.0.1:${port}`;

/** What the stand-ins of providers need to know of their callers, and of whom they tell. */
export function providersEnv({ ports, secrets }: Around, env: NodeJS.ProcessEnv) {
  return {
    PORT: `${ports.PROVIDERS_PORT}`,
    EVENTS_URL: `http://${local(ports.EDGE_PORT)}/api/v1/webhooks`,
    PROVIDERS_KEY: secrets.providersKey,
    SENDGRID_WEBHOOK_KEY: secrets.sendgridWebhookKey,
    RESEND_WEBHOOK_SECRET: secrets.resendWebhookSecret,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TWILIO_WEBHOOK_AUTH_TOKEN: secrets.twilioWebhookToken,
    FCM_PUBLIC_KEY: createPublicKey(secrets.fcmKey).export({ format: 'pem', type: 'spki' }) as string,
    WEB_PUSH_PUBLIC_KEY: vapidPublicKey(env.WEB_PUSH_VAPID_PRIVATE_KEY || secrets.vapidKey),
  };
}

const CARRIERS = /^(EMAIL|SMTP|SENDGRID|RESEND|SMS|TWILIO|VONAGE|PUSH|WEB_PUSH)_/;

/**
 * Who carries the messages of notificacoes: e-mail goes to the inbox, the rest to stand-ins. Whoever wants to try a real provider says so as in
 * production, and one whose key the caller has is not stood in for.
 */
export function carriersEnv(around: Around, env: NodeJS.ProcessEnv): Record<string, string> {
  const stoodInFor = Object.entries(standIns(around)).filter(([key]) => !env[key]);
  const said = Object.entries(env).filter(([name, value]) => CARRIERS.test(name) && value);
  return Object.assign(
    {},
    always(around),
    ...stoodInFor.map(([, variables]) => variables),
    Object.fromEntries(said),
  );
}

/** What opens each provider of e-mail: who gives it has letters of his own. */
const OPENS_MAIL: Readonly<Record<string, string>> = {
  ...{ smtp: 'SMTP_URL', sendgrid: 'SENDGRID_API_KEY', resend: 'RESEND_API_KEY' },
};

/** Whether the caller has e-mails leave this machine. */
export const hasRealMail = (env: NodeJS.ProcessEnv): boolean =>
  Boolean(env[OPENS_MAIL[env.EMAIL_PROVIDER || 'smtp'] ?? '']);

const always = ({ ports, secrets }: Around): Record<string, string> => ({
  SMTP_URL: `smtp://${local(ports.MAIL_SMTP_PORT)}`,
  SMS_PROVIDER: 'twilio',
  WEB_PUSH_VAPID_PRIVATE_KEY: secrets.vapidKey,
  WEB_PUSH_SUBJECT: 'mailto:admin@plataforma.local',
  // The push service that stands in for those of browsers is this machine.
  WEB_PUSH_ALLOW_LOOPBACK: 'true',
});

/** By the variable that has the key of the provider. */
function standIns({ ports, secrets }: Around): Record<string, Record<string, string>> {
  const url = `http://${local(ports.PROVIDERS_PORT)}`;
  return {
    SENDGRID_API_KEY: { SENDGRID_URL: url, SENDGRID_API_KEY: secrets.providersKey },
    RESEND_API_KEY: { RESEND_URL: url, RESEND_API_KEY: secrets.providersKey },
    TWILIO_AUTH_TOKEN: {
      ...{ TWILIO_URL: url, TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT, TWILIO_FROM: '+15005550006' },
      TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    },
    VONAGE_API_SECRET: {
      ...{ VONAGE_URL: url, VONAGE_API_KEY: VONAGE_ACCOUNT, VONAGE_FROM: 'Plataforma' },
      VONAGE_API_SECRET: secrets.providersKey,
    },
    PUSH_FCM_SERVICE_ACCOUNT: {
      PUSH_FCM_URL: url,
      PUSH_FCM_SERVICE_ACCOUNT: JSON.stringify({
        ...FCM_ACCOUNT,
        ...{ token_uri: `${url}/token`, private_key: secrets.fcmKey },
      }),
    },
  };
}
