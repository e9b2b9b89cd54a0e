import type { DescService } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { type ClientOptions, credentials, Client as GrpcChannel } from '@grpc/grpc-js';
import { MAX_REQUEST_BYTES } from '../input/request-shape.ts';
import { MAX_ANSWER_BYTES } from '../rpc/listener-limits.ts';
import { grpcTransport } from './grpc-transport.ts';

const DEFAULT_MAX_ATTEMPTS = 3;

export interface GrpcClientOptions {
  /** `host:port`, `dns:///host:port` or `ipv4:a:port,b:port`; all addresses found share the calls. */
  readonly address: string;
  /** Deadline of calls that set none themselves, retries included, in milliseconds. */
  readonly timeoutMs: number;
  /** Attempts of a call answered UNAVAILABLE. Default 3; 1 turns retries off. */
  readonly retry?: { readonly maxAttempts: number };
  /** Headers of every call, such as `authorization`. A failure of this function fails the call. */
  readonly headers?: () => Promise<Record<string, string>>;
}

/**
 * Client of a service over native gRPC, typed like Connect's: round robin, retries on UNAVAILABLE with backoff,
 * a deadline on every call, keepalive. Calls reject with `ConnectError` (code, details, metadata).
 * A call may be attempted twice: what it does must be idempotent.
 */
export function createGrpcClient<S extends DescService>(
  service: S,
  options: GrpcClientOptions,
): Client<S> & { close(): void } {
  const channel = new GrpcChannel(
    options.address,
    credentials.createInsecure(),
    channelOptions(service, options),
  );
  const client = createClient(service, grpcTransport(channel, options));
  return Object.assign(client, { close: () => channel.close() });
}

function channelOptions(service: DescService, { retry }: GrpcClientOptions): ClientOptions {
  return {
    'grpc.service_config': JSON.stringify(serviceConfig(service, retry?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)),
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    'grpc.max_send_message_length': MAX_REQUEST_BYTES,
    // A peer that vanished without closing the connection is noticed, also between calls.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 5_000,
    // Services talk to each other directly, whatever `http_proxy` says.
    'grpc.enable_http_proxy': 0,
  };
}

/** https://github.com/grpc/grpc/blob/master/doc/service_config.md */
function serviceConfig({ typeName }: DescService, maxAttempts: number) {
  const retryPolicy = {
    maxAttempts,
    initialBackoff: '0.1s',
    maxBackoff: '1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['UNAVAILABLE'],
  };
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [{ name: [{ service: typeName }], ...(maxAttempts > 1 && { retryPolicy }) }],
    // When most calls fail, retrying them all would only add to the load.
    retryThrottling: { maxTokens: 20, tokenRatio: 0.5 },
  };
}
