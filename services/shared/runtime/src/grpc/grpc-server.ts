/*
 * Room `grpc`: native gRPC over grpc-js, as a server for Kong and other services and as a client of theirs. The only room that
 * knows grpc-js.
 *
 * The listener (this file) guards every connection, call and body before grpc-js sees it (`grpc-http2.ts`, `grpc-limits.ts`,
 * `grpc-frames.ts`), and runs Connect handlers with their interceptors (`grpc-adapter.ts`, `grpc-call.ts`). Errors are
 * trailers-only, as Kong's grpc-gateway needs. The client (`grpc-client.ts`) sets a deadline on every call and tries UNAVAILABLE
 * again, so what it calls is idempotent; a service makes one per service that it calls.
 */

import type { Http2Server } from 'node:http2';
import type { DescMethod } from '@bufbuild/protobuf';
import { Code, type Interceptor } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { logVerbosity, Server, ServerCredentials, type ServerOptions, setLogVerbosity } from '@grpc/grpc-js';
import { Health as HealthService } from '@plataforma/contratos/grpc/health/v1/health_pb';
import type { Logger } from 'pino';
import { motivoDe, toConnectError } from '../errors/errors.ts';
import { RequestShape } from '../input/request-shape.ts';
import { type Health, healthService } from '../rpc/health.ts';
import {
  type ListenerLimits,
  listenerLimits,
  listenerLoad,
  MAX_ANSWER_BYTES,
} from '../rpc/listener-limits.ts';
import { reflectionServices } from '../rpc/reflection.ts';
import { methodName, type RpcService, type RunningServer } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AdapterOptions, grpcDefinition, grpcImplementation } from './grpc-adapter.ts';
import { type BodyRules, guardBodies } from './grpc-frames.ts';
import { guardStreams, http2ServerOf, keepBadKeys, keepTimeoutsShort } from './grpc-http2.ts';
import { type GrpcLimitsOptions, type Kinds, limitGrpc } from './grpc-limits.ts';

// grpc-js would write to stderr whatever header it cannot parse, tokens included. What matters reaches us as errors.
setLogVerbosity(logVerbosity.NONE);

/** How long `close` waits for calls in flight. */
const DRAIN_TIMEOUT_MS = 10_000;

/** Names of services and files: the contracts of health and reflection bound nothing. */
const INTERNAL_REQUEST_BYTES = 4 * 1024;

const OPTIONS: ServerOptions = {
  'grpc.max_send_message_length': MAX_ANSWER_BYTES,
  // A client of ours waits with what is above this; others are answered by the limits of the listener.
  'grpc.max_concurrent_streams': 500,
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  // Clients reconnect now and then, and so find instances that were added later.
  'grpc.max_connection_age_ms': 30 * 60_000,
  'grpc.max_connection_age_grace_ms': 60_000,
};

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly services: readonly RpcService[];
  readonly interceptors: Interceptor[];
  readonly health: Health;
  /** Lets anyone who reaches the port read the contracts. */
  readonly reflection: boolean;
  readonly logger: Logger;
  /** Left out, the limits are not measured. */
  readonly metrics?: Metrics;
  readonly limits?: ListenerLimits;
  readonly timeouts?: Pick<GrpcLimitsOptions, 'requestTimeoutMs' | 'callTimeoutMs'>;
}

/** Native gRPC without TLS (h2c), with health checking and, if wanted, reflection. Rejects if the port is taken. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<RunningServer> {
  const { services, interceptors, health, logger } = options;
  const internal = internalServices(options);
  const rules = new Map([...bodyRules(services), ...bodyRules(internal, INTERNAL_REQUEST_BYTES)]);
  const largest = Math.max(...[...rules.values()].map(({ maxBytes }) => maxBytes));
  // Before a message is unpacked its length is guarded; this is how long it may become.
  const server = new Server({ ...OPTIONS, 'grpc.max_receive_message_length': largest });
  const shutdown = new AbortController();
  const onRejected = (method: DescMethod, err: unknown) => {
    const error = toConnectError(err);
    const line = { rpc: methodName(method), code: codeToString(error.code), motivo: motivoDe(error) };
    if (error.code === Code.InvalidArgument) logger.info(line, 'rpc rejected');
    else logger.warn({ ...line, err: loggableError(err) }, 'rpc rejected');
  };
  for (const service of services) add(server, service, { interceptors, onRejected });
  for (const service of internal)
    add(server, service, {
      interceptors: [],
      shutdown: shutdown.signal,
      maxRequestBytes: INTERNAL_REQUEST_BYTES,
    });
  const port = await bind(server, options);
  const http2Server = http2ServerOf(server);
  guardStreams(http2Server, keepBadKeys);
  guardStreams(http2Server, keepTimeoutsShort);
  guardStreams(http2Server, guardBodies(rules, onRejected));
  const stopLimits = limit(http2Server, [...services, ...internal], options);
  logger.info(
    { host: options.host, port, services: services.map(({ service }) => service.typeName) },
    'gRPC up',
  );
  return {
    port,
    async close() {
      health.setServing(false);
      const drained = drain(server, logger);
      shutdown.abort();
      await drained;
      stopLimits();
    },
  };
}

function limit(
  http2Server: Http2Server,
  services: readonly RpcService[],
  { metrics, limits = listenerLimits(), timeouts }: GrpcServerOptions,
): () => void {
  const load = listenerLoad('grpc', limits, metrics?.registry);
  return limitGrpc(http2Server, { load, kinds: kindsOf(services), ...timeouts });
}

/** @param maxBytes of contracts of others, which bound nothing */
function bodyRules(services: readonly RpcService[], maxBytes?: number): Map<string, BodyRules> {
  const methods = services.flatMap(({ service }) =>
    service.methods.map((method): [string, BodyRules] => [
      pathOf(method),
      { method, maxBytes: maxBytes ?? RequestShape.of(method.input).maxBytes },
    ]),
  );
  return new Map(methods);
}

const pathOf = (method: DescMethod) => `/${methodName(method)}`;

function kindsOf(services: readonly RpcService[]): Kinds {
  const paths = services.flatMap(({ service }) =>
    service.methods
      .filter(({ methodKind }) => methodKind === 'server_streaming' || methodKind === 'bidi_streaming')
      .map(pathOf),
  );
  const check = pathOf(HealthService.method.check);
  return new Map([...paths.map((path) => [path, 'streams'] as const), [check, 'checks'] as const]);
}

function internalServices({ services, health, reflection }: GrpcServerOptions): RpcService[] {
  const served = services.map(({ service }) => service);
  const checking = healthService(
    health,
    served.map((service) => service.typeName),
  );
  return reflection ? [checking, ...reflectionServices([...served, checking.service])] : [checking];
}

function add(server: Server, service: RpcService, options: AdapterOptions): void {
  server.addService(grpcDefinition(service.service), grpcImplementation(service, options));
}

function bind(server: Server, { host, port }: GrpcServerOptions): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (err, bound) => {
      if (err) reject(new Error(`gRPC cannot listen on ${address}: ${err.message}`, { cause: err }));
      else resolve(bound);
    });
  });
}

function drain(server: Server, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      logger.warn('gRPC calls still in flight were cut off');
      server.forceShutdown();
    }, DRAIN_TIMEOUT_MS);
    server.tryShutdown((err) => {
      clearTimeout(timer);
      if (err) logger.warn({ err: loggableError(err) }, 'gRPC server was not shut down cleanly');
      resolve();
    });
  });
}
