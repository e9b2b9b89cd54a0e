import { randomUUID } from 'node:crypto';
import { type KeyedRequest, KeyedStandIn } from './keyed-stand-in.ts';
import { ADDRESS, BASE64, headers, list, object, text } from './shape.ts';
import type { Answer } from './stand-in.ts';

/** What is read of a message here; see the documentation of POST /emails for all there may be. */
export interface ResendMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments?: readonly Readonly<Record<'content' | 'filename' | 'content_type', string>>[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly tags?: readonly { readonly name: string; readonly value: string }[];
}

const BODY = object({
  from: text(/^(?:[^<>@"\p{Cc}]+ <[^\s<>@",;]+@[^\s<>@",;]+>|[^\s<>@",;]+@[^\s<>@",;]+)$/u),
  to: list(text(ADDRESS), { max: 50 }),
  subject: text(/^[^\r\n]+$/),
  html: text(),
  text: text(),
  'attachments?': list(object({ content: text(BASE64), filename: text(), content_type: text() })),
  'headers?': headers(/^(?:to|from|subject|content-type)$/i),
  'tags?': list(object({ name: text(/^[\w-]{1,256}$/), value: text(/^[\w-]{1,256}$/) })),
});

/** Keys that are remembered; Resend keeps each for a day. */
const MOST_KEYS = 10_000;

/** A failure as Resend writes it. */
export const resendError = (
  status: number,
  name: string,
  { message = 'no', headers: more = {} }: Pick<Answer, 'headers'> & { readonly message?: string } = {},
): Answer => ({ status, headers: more, body: { statusCode: status, name, message } });

/** Resend as it documents itself: 200 with an identity, and what comes again under its key is not delivered again. */
export class ResendStandIn extends KeyedStandIn<ResendMessage> {
  protected readonly path = '/emails';
  protected readonly noKey = resendError(401, 'validation_error', { message: 'API key is invalid' });
  readonly #known = new Map<string, { readonly id: string; readonly body: string }>();

  /** The keys of all that was delivered. */
  get keys(): string[] {
    return [...this.#known.keys()];
  }

  /** What the platform calls the messages that were delivered. */
  get ids(): string[] {
    return this.received.map(({ tags = [] }) => tags[0]?.value ?? '');
  }

  protected check({ headers: { 'idempotency-key': key }, body }: KeyedRequest): Answer | undefined {
    if (typeof key !== 'string' || key.length < 1 || key.length > 256)
      return resendError(400, 'invalid_idempotency_key');
    const before = this.#known.get(key);
    if (before !== undefined && before.body !== JSON.stringify(body))
      return resendError(409, 'invalid_idempotent_request');
    const wrong = BODY(body, '');
    return wrong === undefined ? undefined : resendError(422, 'validation_error', { message: wrong });
  }

  protected accept({ headers: { 'idempotency-key': key }, body }: KeyedRequest): Answer {
    const before = this.#known.get(`${key}`);
    if (before !== undefined) return { status: 200, body: { id: before.id } };
    const id = randomUUID();
    this.#known.set(`${key}`, { id, body: JSON.stringify(body) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEYS && oldest !== undefined) this.#known.delete(oldest);
    this.take(body as ResendMessage, id);
    return { status: 200, body: { id } };
  }
}
