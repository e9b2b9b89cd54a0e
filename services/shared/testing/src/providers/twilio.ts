import { randomUUID } from 'node:crypto';
import { basic, type KeyedOptions, type KeyedRequest, KeyedStandIn } from './keyed-stand-in.ts';
import { E164, object, text } from './shape.ts';
import { partsOf } from './sms-parts.ts';
import type { Answer } from './stand-in.ts';

/** What is read of a message here; see the documentation of the Messages resource for all there may be. */
export interface TwilioMessage {
  readonly To: string;
  readonly Body: string;
  readonly From?: string;
  readonly MessagingServiceSid?: string;
  readonly StatusCallback?: string;
  readonly ValidityPeriod?: string;
}

/** Of an account that does not exist. */
export const TWILIO_ACCOUNT = `AC${'0'.repeat(31)}1`;

const BODY = object({
  To: text(E164),
  Body: text(/^.{1,1600}$/su),
  'From?': text(E164),
  'MessagingServiceSid?': text(/^MG[0-9a-f]{32}$/i),
  'StatusCallback?': (url, at) => (/^https?:/.test(`${url}`) && URL.canParse(`${url}`) ? undefined : at),
  // From one second to ten hours.
  'ValidityPeriod?': text(/^(?:[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36000)$/),
});

/** By the name of the field. */
const CODES: Readonly<Record<string, number>> = {
  ...{ To: 21211, Body: 21617, From: 21212, StatusCallback: 21609, ValidityPeriod: 21624 },
};

/** A failure as Twilio writes it. */
export const twilioError = (
  status: number,
  code: number,
  { headers = {} }: Pick<Answer, 'headers'> = {},
): Answer => ({
  status,
  headers,
  body: {
    ...{ code, message: `The number +5511987654321 (${code})`, status },
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  },
});

interface TwilioOptions extends KeyedOptions<TwilioMessage> {
  readonly user?: string;
  /** Whether the owner of a number has answered STOP. */
  stopped?(number: string): boolean;
}

/** Twilio as it documents itself: a form under Basic, 201 with a `sid`, no idempotency. Every number exists. */
export class TwilioStandIn extends KeyedStandIn<TwilioMessage> {
  protected readonly path = `/2010-04-01/Accounts/${TWILIO_ACCOUNT}/Messages.json`;
  protected override readonly type = 'application/x-www-form-urlencoded';
  protected readonly noKey = twilioError(401, 20003);
  /** The account, or one of its API keys. */
  readonly #user: string;
  readonly #stopped: (number: string) => boolean;

  constructor({ user = TWILIO_ACCOUNT, stopped = () => false, ...options }: TwilioOptions = {}) {
    super(options);
    this.#user = user;
    this.#stopped = stopped;
  }

  protected override authorization(): string {
    return basic(this.#user, this.key);
  }

  protected check({ body }: KeyedRequest): Answer | undefined {
    const wrong = BODY(body, '');
    if (wrong !== undefined) return twilioError(400, CODES[wrong] ?? 20001);
    const { To, From, MessagingServiceSid } = body as TwilioMessage;
    if (From === undefined && MessagingServiceSid === undefined) return twilioError(400, 21603);
    return this.#stopped(To) ? twilioError(400, 21610) : undefined;
  }

  protected accept({ body }: KeyedRequest): Answer {
    const message = body as TwilioMessage;
    const sid = `SM${randomUUID().replaceAll('-', '')}`;
    this.take(message, sid);
    const num_segments = `${partsOf(message.Body)}`;
    return { status: 201, body: { sid, status: 'queued', error_code: null, num_segments } };
  }
}
