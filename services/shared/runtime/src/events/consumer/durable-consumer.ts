import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** Which events of which stream a durable consumer is for. */
export interface DurableConsumer {
  readonly stream: string;
  readonly durable: string;
  readonly filter: string;
}

const ACK_WAIT_MS = 30_000;
const MAX_ACK_PENDING = 256;

/** Creates the consumer, or brings its configuration up to date. Rejects while its stream does not exist. */
export async function ensureDurable(manager: JetStreamManager, wanted: DurableConsumer): Promise<void> {
  const { stream, durable } = wanted;
  const config = durableConfig(wanted);
  try {
    const { config: current } = await manager.consumers.info(stream, durable);
    const differs = (Object.keys(config) as (keyof ConsumerConfig)[]).some(
      (key) => current[key] !== config[key],
    );
    if (differs) await manager.consumers.update(stream, durable, config);
  } catch (error) {
    const missing = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (!missing) throw error;
    await manager.consumers.add(stream, config);
  }
}

function durableConfig({ durable, filter }: DurableConsumer): Partial<ConsumerConfig> {
  return {
    durable_name: durable,
    filter_subject: filter,
    deliver_policy: DeliverPolicy.All,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    // The count of attempts is ours. With a limit here, a message whose dead letter cannot be written would be
    // dropped silently by the server.
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  };
}
