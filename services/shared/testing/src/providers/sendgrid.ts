import { randomUUID } from 'node:crypto';
import { type KeyedRequest, KeyedStandIn } from './keyed-stand-in.ts';
import { ADDRESS, BASE64, exactly, headers, list, object, sequence, text } from './shape.ts';
import type { Answer } from './stand-in.ts';

/** What is read of a message here; see the documentation of v3 Mail Send for all there may be. */
export interface SendGridMessage {
  readonly personalizations: readonly {
    readonly to: readonly { readonly email: string; readonly name?: string }[];
    readonly custom_args?: Readonly<Record<string, string>>;
  }[];
  readonly from: { readonly email: string; readonly name?: string };
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
  readonly attachments?: readonly Readonly<Record<'content' | 'type' | 'filename' | 'disposition', string>>[];
  readonly headers?: Readonly<Record<string, string>>;
}

const RESERVED =
  /^(?:x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const person = object({ email: text(ADDRESS), 'name?': text(/^[^,;\p{Cc}]+$/u) });
const off = exactly(false);

const BODY = object({
  personalizations: list(
    object({ to: list(person), 'custom_args?': object({ notificacao: text(/^not_\w+$/) }) }),
  ),
  from: person,
  subject: text(/^[^\r\n]+$/),
  // Plain text first, and no parameters.
  content: sequence(
    object({ type: exactly('text/plain'), value: text() }),
    object({ type: exactly('text/html'), value: text() }),
  ),
  'attachments?': list(
    object({
      content: text(BASE64),
      type: text(/^[^;,\r\n]+$/),
      filename: text(/^[^\r\n;]+$/),
      disposition: text(/^(?:attachment|inline)$/),
    }),
  ),
  'headers?': headers(RESERVED),
  'tracking_settings?': object({
    click_tracking: object({ enable: off, enable_text: off }),
    open_tracking: object({ enable: off }),
  }),
});

interface Failure extends Pick<Answer, 'headers'> {
  readonly field?: string;
  readonly message?: string;
}

/** A failure as SendGrid writes it. */
export const sendGridError = (
  status: number,
  { field, message = 'no', headers: more = {} }: Failure = {},
): Answer => ({
  status,
  headers: more,
  body: { errors: [{ message, field: field ?? null, help: null }] },
});

/** SendGrid v3 as it documents itself: 202 without a body for what it takes, no idempotency. */
export class SendGridStandIn extends KeyedStandIn<SendGridMessage> {
  protected readonly path = '/v3/mail/send';
  protected readonly noKey = sendGridError(401, {
    message: 'The provided authorization grant is invalid, expired, or revoked',
  });

  /** What the platform calls the messages that were delivered. */
  get ids(): string[] {
    return this.received.map(({ personalizations: [first] }) => first?.custom_args?.notificacao ?? '');
  }

  protected check({ body }: KeyedRequest): Answer | undefined {
    const wrong = BODY(body, '');
    return wrong === undefined ? undefined : sendGridError(400, { field: wrong });
  }

  protected accept({ body }: KeyedRequest): Answer {
    const id = randomUUID();
    this.take(body as SendGridMessage, id);
    return { status: 202, headers: { 'x-message-id': id } };
  }
}
