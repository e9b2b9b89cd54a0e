import { createPublicKey, type KeyObject } from 'node:crypto';
import { type ConfigOf, type Field, optional } from '@plataforma/runtime/config';

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

/** What the room reads from the environment. Without a key of a provider nothing is taken from it. */
export const retornosFields = {
  sendgridWebhookKeys: optional(listOf('SENDGRID_WEBHOOK_PUBLIC_KEY', sendgridKey)),
  resendWebhookSecrets: optional(listOf('RESEND_WEBHOOK_SECRET', resendSecret)),
};

export type RetornosConfig = ConfigOf<typeof retornosFields>;
