import type { FcmMessage } from '@plataforma/testing/providers/fcm';
import type { ResendMessage } from '@plataforma/testing/providers/resend';
import type { SendGridMessage } from '@plataforma/testing/providers/sendgrid';
import { partsOf } from '@plataforma/testing/providers/sms-parts';
import type { TwilioMessage } from '@plataforma/testing/providers/twilio';
import type { VonageMessage } from '@plataforma/testing/providers/vonage';
import type { WebPushMessage } from '@plataforma/testing/providers/web-push';

/** A message as a provider was given it. */
export interface KeptMessage {
  readonly channel: 'EMAIL' | 'SMS' | 'PUSH' | 'WEB_PUSH';
  readonly at: string;
  /** Number, project, or push service. */
  readonly from: string;
  readonly to: string;
  /** Subject of an e-mail; empty for an SMS. */
  readonly title: string;
  readonly text: string;
  /** What an SMS is charged as; 1 for all else. */
  readonly parts: number;
}

const now = () => new Date().toISOString();

/** A letter, as its receiver sees it without pictures. */
export function ofSendGrid({
  personalizations,
  from,
  subject: title,
  content,
}: SendGridMessage): KeptMessage {
  const to = receiverOf(personalizations);
  return {
    channel: 'EMAIL',
    at: now(),
    from: from.email,
    to,
    title,
    text: content[0]?.value ?? '',
    parts: 1,
  };
}

const receiverOf = (all: SendGridMessage['personalizations']) => all[0]?.to[0]?.email ?? '';

/** A letter by the other provider. */
export const ofResend = ({ from, to, subject: title, text }: ResendMessage): KeptMessage => ({
  ...{ channel: 'EMAIL', at: now(), from, to: to[0] ?? '', title, text, parts: 1 },
});

/** An SMS, as its receiver sees it. */
export function ofTwilio({ To: to, Body: text, From, MessagingServiceSid }: TwilioMessage): KeptMessage {
  const from = From ?? MessagingServiceSid ?? '';
  return { channel: 'SMS', at: now(), from, to, title: '', text, parts: partsOf(text) };
}

/** An SMS by the other vendor, which leaves out the sign before the number. */
export const ofVonage = ({ to, from, text }: VonageMessage): KeptMessage => ({
  ...{ channel: 'SMS', at: now(), from, to: `+${to}`, title: '', text, parts: partsOf(text) },
});

/** A notice of an app. */
export function ofFcm({ token: to, notification: { title, body: text } }: FcmMessage): KeptMessage {
  return { channel: 'PUSH', at: now(), from: 'FCM', to, title, text, parts: 1 };
}

/** What a browser has read; the platform says `titulo` and `corpo`. */
export function ofWebPush({ subscription: to, clear, urgency, ttl }: WebPushMessage): KeptMessage {
  const from = `push service (urgency ${urgency ?? 'normal'}, ${ttl} s)`;
  const [title, text] = [clear.titulo, clear.corpo].map((said) => (typeof said === 'string' ? said : ''));
  return { channel: 'WEB_PUSH', at: now(), from, to, title: title ?? '', text: text ?? '', parts: 1 };
}
