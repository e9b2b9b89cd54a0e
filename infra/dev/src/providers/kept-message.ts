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
  /** Address, number, or kind of push service. */
  readonly from: string;
  readonly to: string;
  /** Subject of an e-mail; empty for an SMS. */
  readonly title: string;
  readonly text: string;
  /** What an SMS is charged as; 1 for all else. */
  readonly parts: number;
  /** Names of what is attached to an e-mail. */
  readonly files: readonly string[];
}

type Told = Pick<KeptMessage, 'channel' | 'from' | 'to' | 'text'> & Partial<KeptMessage>;

const kept = (message: Told): KeptMessage => ({
  ...{ at: new Date().toISOString(), title: '', parts: 1, files: [] },
  ...message,
});

const namesOf = (files: readonly { readonly filename: string }[] = []) =>
  files.map(({ filename }) => filename);

/** A letter, as a mail program without HTML shows it. */
export function ofSendGrid(letter: SendGridMessage): KeptMessage {
  const { personalizations, from, subject: title, content } = letter;
  const to = personalizations[0]?.to[0]?.email ?? '';
  const files = namesOf(letter.attachments);
  return kept({ channel: 'EMAIL', from: from.email, to, title, text: content[0]?.value ?? '', files });
}

/** A letter by the other provider. */
export const ofResend = ({ from, to, subject: title, text, attachments }: ResendMessage): KeptMessage =>
  kept({ channel: 'EMAIL', from, to: to[0] ?? '', title, text, files: namesOf(attachments) });

/** An SMS, as its receiver sees it. */
export const ofTwilio = ({ To: to, Body: text, From, MessagingServiceSid }: TwilioMessage): KeptMessage =>
  kept({ channel: 'SMS', from: From ?? MessagingServiceSid ?? '', to, text, parts: partsOf(text) });

/** An SMS by the other vendor, which leaves out the sign before the number. */
export const ofVonage = ({ to, from, text }: VonageMessage): KeptMessage =>
  kept({ channel: 'SMS', from, to: `+${to}`, text, parts: partsOf(text) });

/** A notice of an app. */
export const ofFcm = ({ token: to, notification: { title, body: text } }: FcmMessage): KeptMessage =>
  kept({ channel: 'PUSH', from: 'FCM', to, title, text });

/** What a browser has read; the platform says `titulo` and `corpo`. */
export function ofWebPush({ subscription: to, clear, urgency, ttl }: WebPushMessage): KeptMessage {
  const from = `push service (urgency ${urgency ?? 'normal'}, ${ttl} s)`;
  const said = (member: unknown) => (typeof member === 'string' ? member : '');
  return kept({ channel: 'WEB_PUSH', from, to, title: said(clear.titulo), text: said(clear.corpo) });
}
