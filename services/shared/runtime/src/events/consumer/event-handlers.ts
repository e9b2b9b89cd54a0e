import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { settledWithin } from '../../deadlines/wait.ts';
import { untilAborted } from '../../deadlines/work-signal.ts';
import { openPersonal } from '../../personal/opening.ts';
import { NotOpenedError } from '../../personal/sealed-text.ts';
import { onTrail } from '../../trail/trail.ts';
import {
  decodeEvent,
  type EventMeta,
  type EventSubscription,
  PermanentError,
  trailAfter,
} from '../event-message.ts';
import { withConsumerSpan } from '../event-tracing.ts';
import type { CrashMarks } from './crash-marks.ts';

interface Options {
  readonly durable: string;
  readonly on: readonly EventSubscription[];
  readonly handlerTimeoutMs: number;
  readonly lingerMs: number;
}

interface Deps {
  readonly marks: CrashMarks;
  readonly logger: Logger;
}

/**
 * The handlers of a consumer by event type, and one call of one of them: with the decoded message, its personal data
 * opened, in a span of its own, on the trail of the event, and for as long as it may take.
 *
 * Without the time limit a handler that hangs would keep its aggregate for ever; without the wait for its end it would
 * run beside its retry (`event-overrun.int.spec.ts`).
 */
export class EventHandlers {
  readonly #options: Options;
  readonly #deps: Deps;
  readonly #byType: ReadonlyMap<string, EventSubscription>;

  constructor(options: Options, deps: Deps) {
    this.#options = options;
    this.#deps = deps;
    this.#byType = new Map(options.on.map((subscription) => [subscription.schema.typeName, subscription]));
  }

  /** What is to be called for events of this type; undefined when this consumer passes them over. */
  find(type: string): EventSubscription | undefined {
    return this.#byType.get(type);
  }

  async call(subscription: EventSubscription, message: JsMsg, meta: EventMeta): Promise<void> {
    const decoded = decodeEvent(subscription.schema, message.string());
    await this.#deps.marks.during(message.seq, meta, () =>
      withConsumerSpan(this.#options.durable, meta, message.headers, () =>
        onTrail(trailAfter(message.headers, meta), () =>
          this.#inTime(meta, () => handleOpened(subscription, decoded, meta)),
        ),
      ),
    );
  }

  /** A handler whose time is over stores nothing any more. It may still end well, with what it stored in time. */
  async #inTime(meta: EventMeta, handle: () => Promise<void>): Promise<void> {
    const { handlerTimeoutMs, lingerMs } = this.#options;
    const over = new AbortController();
    const work = untilAborted(over.signal, handle);
    if (await settledWithin(work, handlerTimeoutMs)) return work;
    const tooLong = new Error(`handler took over ${handlerTimeoutMs} ms`);
    over.abort(tooLong);
    if (await settledWithin(work, lingerMs)) return work;
    this.#deps.logger.error(
      { evento: meta.id, assunto: meta.subject },
      'handler hangs, its event goes on without it',
    );
    throw tooLong;
  }
}

/** Only here an event is in clear: what is buried, or logged, is the message as it came. */
async function handleOpened(
  { schema, handle, personal }: EventSubscription,
  message: MessageShape<DescMessage>,
  meta: EventMeta,
): Promise<void> {
  const isComplete = await openPersonal(schema, message, personal?.keys).catch((cause) => {
    if (cause instanceof NotOpenedError) throw new PermanentError(cause.message, { cause });
    throw cause;
  });
  if (isComplete || personal?.erased === 'HANDLED') await handle(message, meta);
}
