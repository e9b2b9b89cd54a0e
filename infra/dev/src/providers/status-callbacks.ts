import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { TWILIO_ACCOUNT } from '@plataforma/testing/providers/twilio';

/** A message that Twilio has taken, and where it was asked to tell what becomes of it. */
export interface TakenMessage {
  readonly callback: string;
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  /** Whether it arrives. */
  readonly reached: boolean;
}

const BETWEEN_MS = 200;
const TIMEOUT_MS = 5_000;
/** Of a telephone that is off or out of reach. */
const UNREACHABLE = '30003';

/**
 * Tells a message sent, then delivered, as Twilio does: a form signed over the address and the sorted parameters. Only
 * this machine is told, each state once, whatever it answers: a callback that fails is not made again.
 */
export async function tellStatuses(message: TakenMessage, authToken: string): Promise<void> {
  const { hostname } = new URL(message.callback);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return;
  const last = message.reached
    ? { MessageStatus: 'delivered' }
    : { MessageStatus: 'undelivered', ErrorCode: UNREACHABLE };
  for (const state of [{ MessageStatus: 'sent' }, last]) {
    await wait(BETWEEN_MS);
    await tell(message, state, authToken).catch(() => {});
  }
}

async function tell(
  { callback, sid, from, to }: TakenMessage,
  state: { readonly MessageStatus: string; readonly ErrorCode?: string },
  authToken: string,
): Promise<void> {
  const fields = {
    ...{ AccountSid: TWILIO_ACCOUNT, ApiVersion: '2010-04-01', From: from, To: to },
    ...{ MessageSid: sid, SmsSid: sid, SmsStatus: state.MessageStatus, ...state },
  };
  const signed = Object.entries(fields).map((field) => field.join(''));
  const signature = createHmac('sha1', authToken)
    .update(callback + signed.sort().join(''))
    .digest('base64');
  const answer = await fetch(callback, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
}
