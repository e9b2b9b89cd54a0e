import { randomUUID } from 'node:crypto';
import { basic, type KeyedRequest, KeyedStandIn } from './keyed-stand-in.ts';
import { object, text } from './shape.ts';
import type { Answer } from './stand-in.ts';

/** What is read of a message here; see the documentation of the SMS API for all there may be. */
export interface VonageMessage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly type: string;
  readonly 'client-ref': string;
  readonly ttl?: string;
}

/** Of an account that does not exist. */
export const VONAGE_ACCOUNT = 'abcd1234';

const BODY = object({
  from: text(/^(?:[1-9]\d{6,14}|[A-Za-z0-9]{1,11})$/),
  to: text(/^[1-9]\d{6,14}$/),
  text: text(),
  type: text(/^(?:text|unicode)$/),
  'client-ref': text(/^.{1,100}$/),
  'ttl?': text(/^\d{5,9}$/),
});

/** A failure as Vonage writes it: in an answer of 200. */
export const vonageError = (status: string): Answer => ({
  status: 200,
  body: {
    'message-count': '1',
    messages: [{ to: '5511987654321', status, 'error-text': 'about +5511987654321' }],
  },
});

/** Vonage as it documents itself: a form under Basic, always 200, with a status for each part. */
export class VonageStandIn extends KeyedStandIn<VonageMessage> {
  protected readonly path = '/sms/json';
  protected override readonly type = 'application/x-www-form-urlencoded';
  protected readonly noKey = vonageError('4');

  protected override authorization(): string {
    return basic(VONAGE_ACCOUNT, this.key);
  }

  protected check({ body }: KeyedRequest): Answer | undefined {
    return BODY(body, '') === undefined ? undefined : vonageError('3');
  }

  protected accept({ body }: KeyedRequest): Answer {
    const message = body as VonageMessage;
    const id = randomUUID();
    this.take(message, id);
    const part = { to: message.to, 'message-id': id, status: '0', network: '72405' };
    return { status: 200, body: { 'message-count': '1', messages: [part] } };
  }
}
