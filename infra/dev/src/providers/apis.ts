import { createPrivateKey } from 'node:crypto';
import { FcmStandIn } from '@plataforma/testing/providers/fcm';
import { ResendStandIn } from '@plataforma/testing/providers/resend';
import { SendGridStandIn } from '@plataforma/testing/providers/sendgrid';
import { byResend, bySendGrid, byTwilio } from '@plataforma/testing/providers/signed-events';
import { type TwilioMessage, TwilioStandIn } from '@plataforma/testing/providers/twilio';
import { VonageStandIn } from '@plataforma/testing/providers/vonage';
import { type KeptMessage, ofFcm, ofResend, ofSendGrid, ofTwilio, ofVonage } from './kept-message.ts';
import { eventOfResend, eventsOfSendGrid, statusesOf, tell, UNREACHABLE } from './outcome.ts';
import type { Telephones } from './telephones.ts';

/** What the callers of the stand-ins have to show, and what signs what these tell. */
export interface ProviderKeys {
  /** Of SendGrid, Resend and Vonage. */
  readonly key: string;
  /** Where providers of e-mail tell what becomes of letters: `/sendgrid` and `/resend` below it. */
  readonly eventsUrl: string;
  /** PKCS 8 in base64, of P-256. */
  readonly sendGridWebhookKey: string;
  /** `whsec_` and base64. */
  readonly resendWebhookSecret: string;
  readonly twilioAuthToken: string;
  /** Signs what becomes of SMS; without it nothing is told. */
  readonly twilioWebhookToken?: string | undefined;
  /** Of the service account that may send push messages: SPKI in PEM. */
  readonly fcmPublicKey: string;
}

type Keep = (message: KeptMessage, id: string) => void;

/** SendGrid and Resend. Every mailbox exists, but those whose address begins with `bounced`. */
export function ofEmail(keys: ProviderKeys, keep: Keep) {
  const { key, eventsUrl, sendGridWebhookKey, resendWebhookSecret } = keys;
  const der = Buffer.from(sendGridWebhookKey, 'base64');
  const ofAccount = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const secret = Buffer.from(resendWebhookSecret.replace('whsec_', ''), 'base64');
  return [
    new SendGridStandIn({
      key,
      onTaken(message, id) {
        const kept = ofSendGrid(message);
        keep(kept, id);
        const notificacao = message.personalizations[0]?.custom_args?.notificacao ?? '';
        const events = (at: Date) => eventsOfSendGrid({ id, notificacao, to: kept.to }, at);
        void tell(`${eventsUrl}/sendgrid`, (at) => bySendGrid(events(at), ofAccount, at));
      },
    }),
    new ResendStandIn({
      key,
      onTaken(message, id) {
        const kept = ofResend(message);
        keep(kept, id);
        const notificacao = message.tags?.find(({ name }) => name === 'notificacao')?.value ?? '';
        const event = (at: Date) => eventOfResend({ id, notificacao, to: kept.to }, at);
        void tell(`${eventsUrl}/resend`, (at) => byResend(event(at), secret, at, `msg_${id}`));
      },
    }),
  ] as const;
}

/** Twilio and Vonage. Every number exists; Twilio writes to none whose owner has answered STOP. */
export function ofSms(
  { key, twilioAuthToken, twilioWebhookToken }: ProviderKeys,
  keep: Keep,
  telephones: Telephones,
) {
  return [
    new TwilioStandIn({
      key: twilioAuthToken,
      stopped: (number) => telephones.stopped(number),
      onTaken(message, sid) {
        keep(ofTwilio(message), sid);
        telephones.reached(message);
        if (twilioWebhookToken !== undefined) void tellOfSms(message, sid, twilioWebhookToken);
      },
    }),
    new VonageStandIn({ key, onTaken: (message, id) => keep(ofVonage(message), id) }),
  ] as const;
}

/** Each state once, one after the other. */
async function tellOfSms(message: TwilioMessage, sid: string, authToken: string): Promise<void> {
  const { StatusCallback: url, To: to } = message;
  if (url === undefined) return;
  for (const status of statusesOf({ sid, from: ofTwilio(message).from, to }))
    await tell(url, () => byTwilio(status, { url, authToken, rest: '' }));
}

/** FCM. Every app is installed, but those whose token ends in 0000. */
export const ofApps = ({ fcmPublicKey }: ProviderKeys, url: string, keep: Keep) =>
  new FcmStandIn({
    ...{ url, publicKey: fcmPublicKey, hasApp: (token) => !token.endsWith(UNREACHABLE) },
    onTaken: (message, name) => keep(ofFcm(message), name),
  });
