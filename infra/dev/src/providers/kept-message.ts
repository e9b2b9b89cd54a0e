import type { FcmMessage } from '@plataforma/testing/providers/fcm';
import { partsOf } from '@plataforma/testing/providers/sms-parts';
import type { TwilioMessage } from '@plataforma/testing/providers/twilio';
import type { WebPushMessage } from '@plataforma/testing/providers/web-push';

/** A message as a provider was given it. */
export interface KeptMessage {
  readonly channel: 'SMS' | 'PUSH' | 'WEB_PUSH';
  readonly at: string;
  /** Number, project, or push service. */
  readonly from: string;
  readonly to: string;
  /** Empty for an SMS. */
  readonly title: string;
  readonly text: string;
  /** What an SMS is charged as; 1 for a push message. */
  readonly parts: number;
}

const now = () => new Date().toISOString();

/** An SMS, as its receiver sees it. */
export function ofTwilio({ To: to, Body: text, From, MessagingServiceSid }: TwilioMessage): KeptMessage {
  const from = From ?? MessagingServiceSid ?? '';
  return { channel: 'SMS', at: now(), from, to, title: '', text, parts: partsOf(text) };
}

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
