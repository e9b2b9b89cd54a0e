import { createHmac, type KeyObject, sign } from 'node:crypto';

/** A request by which a provider tells what became of messages, signed as that provider documents it. */
export interface SignedEvent {
  readonly headers: Readonly<Record<string, string>>;
  /** What is at the end of the address. */
  readonly rest: string;
  readonly body: Buffer;
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1_000).toString();

/** By the private key of an account of SendGrid. */
export function bySendGrid(events: unknown, privateKey: KeyObject, at: Date): SignedEvent {
  // It ends its list with a line break, which is signed as well.
  const body = Buffer.from(`${JSON.stringify(events)}\r\n`);
  const timestamp = seconds(at);
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey);
  return {
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
    rest: '',
    body,
  };
}

/** By the secret of a webhook of Resend, which go by Svix. */
export function byResend(event: unknown, secret: Buffer, at: Date, id = 'msg_1'): SignedEvent {
  const body = Buffer.from(JSON.stringify(event));
  const timestamp = seconds(at);
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return {
    headers: {
      'content-type': 'application/json',
      ...{ 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` },
    },
    rest: '',
    body,
  };
}

interface OfTwilio {
  /** The address that the account knows. */
  readonly url: string;
  readonly authToken: string;
  /** Of the message, at the end of the address. */
  readonly rest: string;
}

/** A form of Twilio, signed over the address and the sorted parameters. */
export function byTwilio(
  parameters: Readonly<Record<string, string>>,
  { url, authToken, rest }: OfTwilio,
): SignedEvent {
  const signed = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('');
  const address = rest === '' ? url : `${url}/${rest}`;
  const signature = createHmac('sha1', authToken).update(`${address}${signed}`).digest('base64');
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    rest,
    body: Buffer.from(new URLSearchParams(parameters).toString()),
  };
}
