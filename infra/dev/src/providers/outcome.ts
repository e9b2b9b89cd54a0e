import { setTimeout as wait } from 'node:timers/promises';
import type { SignedEvent } from '@plataforma/testing/providers/signed-events';
import { TWILIO_ACCOUNT } from '@plataforma/testing/providers/twilio';

/** Who has a number, or an app, that ends so is out of reach. */
export const UNREACHABLE = '0000';
/** Of a telephone that is off or out of reach. */
const OUT_OF_REACH = '30003';
/** Before what became of a message is told. */
const AFTER_MS = 200;
const TIMEOUT_MS = 5_000;

/** A letter that was taken. */
export interface Letter {
  /** What the provider calls it, and the platform. */
  readonly id: string;
  readonly notificacao: string;
  readonly to: string;
}

interface Sms {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
}

/** What Twilio tells of an SMS, one after the other. */
export function statusesOf({ sid, from, to }: Sms): Record<string, string>[] {
  const last = to.endsWith(UNREACHABLE)
    ? { MessageStatus: 'undelivered', ErrorCode: OUT_OF_REACH }
    : { MessageStatus: 'delivered' };
  return [{ MessageStatus: 'sent' }, last].map((state) => ({
    ...{ AccountSid: TWILIO_ACCOUNT, ApiVersion: '2010-04-01', From: from, To: to },
    ...{ MessageSid: sid, SmsSid: sid, SmsStatus: state.MessageStatus, ...state },
  }));
}

/** What the beginning of an address says becomes of a letter, as with the test addresses of Resend. */
const outcomeOf = (to: string) =>
  (/^(?:bounced|complained)(?=[@+.])/.exec(to)?.[0] ?? 'delivered') as Outcome;

type Outcome = 'delivered' | 'bounced' | 'complained';

const OF_SENDGRID = {
  delivered: { event: 'delivered', response: '250 OK' },
  bounced: { event: 'bounce', type: 'bounce', status: '5.1.1' },
  complained: { event: 'spamreport' },
} as const;

/** What SendGrid tells of a letter: a list. */
export const eventsOfSendGrid = ({ id, to, notificacao }: Letter, at: Date): unknown[] => [
  {
    ...{ email: to, notificacao, timestamp: Math.floor(at.getTime() / 1_000) },
    ...{ sg_event_id: `${id}-1`, sg_message_id: `${id}.local`, ...OF_SENDGRID[outcomeOf(to)] },
  },
];

/** What Resend tells of a letter. */
export function eventOfResend({ id, to, notificacao }: Letter, at: Date): unknown {
  const outcome = outcomeOf(to);
  const bounce = { type: 'Permanent', subType: 'General', message: 'There is no such mailbox.' };
  return {
    ...{ type: `email.${outcome}`, created_at: at.toISOString() },
    data: {
      ...{ email_id: id, to: [to], tags: { notificacao } },
      ...(outcome === 'bounced' && { bounce }),
    },
  };
}

/**
 * Tells this machine, and no other, some time after it happened. Whatever it answers, and when it does not: a provider would tell again, and this one
 * does not.
 */
export async function tell(url: string, event: (at: Date) => SignedEvent): Promise<void> {
  const { hostname } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return;
  await wait(AFTER_MS);
  const { headers, body } = event(new Date());
  const request = { method: 'POST', headers, body: new Uint8Array(body) };
  const told = fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
  await told.then((answer) => answer.body?.cancel()).catch(() => {});
}
