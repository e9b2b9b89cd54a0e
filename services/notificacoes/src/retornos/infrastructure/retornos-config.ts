import { createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError, type ConfigOf, type Field, optional, secret, url } from '@plataforma/runtime/config';

/** Several while they change, commas between. */
function listOf<T>(name: string, read: (text: string) => T): Field<readonly T[]> {
  return {
    name,
    optional: false,
    fallback: undefined,
    parse: (text) => text.split(',').map((one) => read(one.trim())),
  };
}

/** As SendGrid shows it: base64 of the bytes that PEM has between its lines. */
function sendgridKey(text: string): KeyObject {
  const key = spki(text.replace(/-----[A-Z ]+-----|\s/g, ''));
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error('needs the verification key of the Event Webhook (base64, P-256)');
  return key;
}

function spki(base64: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** As Resend shows it. */
function resendSecret(text: string): Buffer {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 16) throw new Error('needs the signing secret of the webhook (whsec_...)');
  return bytes;
}

/** @throws ConfigError when only one of the two is there. */
export function twilioOf({
  twilioWebhookToken: authToken,
  twilioWebhookUrl: address,
}: Partial<RetornosConfig>): { readonly url: string; readonly authToken: string } | undefined {
  if (authToken === undefined && address === undefined) return undefined;
  if (authToken === undefined) throw new ConfigError(['TWILIO_WEBHOOK_URL needs TWILIO_WEBHOOK_AUTH_TOKEN']);
  if (address === undefined) throw new ConfigError(['TWILIO_WEBHOOK_AUTH_TOKEN needs TWILIO_WEBHOOK_URL']);
  return { url: address.replace(/\/+$/, ''), authToken };
}

/** What the room reads from the environment. Without a key of a provider nothing is taken from it. */
export const retornosFields = {
  sendgridWebhookKeys: optional(listOf('SENDGRID_WEBHOOK_PUBLIC_KEY', sendgridKey)),
  resendWebhookSecrets: optional(listOf('RESEND_WEBHOOK_SECRET', resendSecret)),
  /** The primary token of the account: the secret of an API key signs nothing. */
  twilioWebhookToken: optional(secret('TWILIO_WEBHOOK_AUTH_TOKEN')),
  /** As Twilio knows it, for it signs the address that it calls: this one, `/` and our identity of the message. */
  twilioWebhookUrl: optional(url('TWILIO_WEBHOOK_URL', ['https', 'http'])),
};

export type RetornosConfig = ConfigOf<typeof retornosFields>;
