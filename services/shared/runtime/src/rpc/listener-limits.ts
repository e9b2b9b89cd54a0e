import type { Socket } from 'node:net';
import { Code, type ConnectError } from '@connectrpc/connect';
import { Counter, Gauge, type Registry } from 'prom-client';
import { genericError, retryAfter, rpcError } from '../errors/errors.ts';
import { type Cap, Occupancy, type Share } from './occupancy.ts';

/** What a listener lets happen at a time. */
export interface ListenerLimits {
  readonly connections: Cap;
  /** Calls and plain requests that are being received, worked on or answered. */
  readonly requests: Cap;
  /** Calls that stay open for as long as their client likes, such as `grpc.health.v1.Health/Watch`. */
  readonly streams: Cap;
  /** Health checks: they have room of their own, so that a busy service is not taken for a dead one. */
  readonly checks: Cap;
}

/** Enough for a busy service behind Kong, and far below what would hurt one. */
export const DEFAULT_MAX_CONNECTIONS = 2_000;
export const DEFAULT_MAX_REQUESTS = 2_000;
export const DEFAULT_MAX_STREAMS = 200;
export const DEFAULT_ADDRESS_SHARE_PERCENT = 75;

const REQUESTS_PER_CONNECTION = 500;
const STREAMS_PER_CONNECTION = 10;
const MAX_CHECKS = 64;
const CHECKS_PER_CONNECTION = 16;

/** A request has to be there whole after this time, however slowly its body comes. */
export const REQUEST_TIMEOUT_MS = 20_000;

/** Largest answer, on both listeners and in the client. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * @param addressSharePercent of each limit that one address may use. Behind a proxy all users have its address: it must
 * leave the proxy room, and keeps the rest for health checks and for the other services
 */
export function listenerLimits({
  maxConnections = DEFAULT_MAX_CONNECTIONS,
  maxRequests = DEFAULT_MAX_REQUESTS,
  maxStreams = DEFAULT_MAX_STREAMS,
  addressSharePercent = DEFAULT_ADDRESS_SHARE_PERCENT,
}: {
  readonly maxConnections?: number;
  readonly maxRequests?: number;
  readonly maxStreams?: number;
  readonly addressSharePercent?: number;
} = {}): ListenerLimits {
  const cap = (total: number, perConnection: number): Cap => ({
    total,
    perAddress: Math.max(1, Math.floor((total * addressSharePercent) / 100)),
    perConnection,
  });
  return {
    connections: cap(maxConnections, 1),
    requests: cap(maxRequests, REQUESTS_PER_CONNECTION),
    streams: cap(maxStreams, STREAMS_PER_CONNECTION),
    checks: cap(MAX_CHECKS, CHECKS_PER_CONNECTION),
  };
}

/** What is open on one listener, against its limits and for its gauges. */
export interface ListenerLoad {
  readonly connections: Occupancy;
  readonly requests: Occupancy;
  readonly streams: Occupancy;
  readonly checks: Occupancy;
  /** Counts a connection or a call that was turned away. */
  refused(what: keyof ListenerLimits, share: Share): void;
}

/** @param registry left out, nothing is measured */
export function listenerLoad(
  listener: 'grpc' | 'http',
  limits: ListenerLimits,
  registry?: Registry,
): ListenerLoad {
  const load = {
    connections: new Occupancy(limits.connections),
    requests: new Occupancy(limits.requests),
    streams: new Occupancy(limits.streams),
    checks: new Occupancy(limits.checks),
  };
  const refusals = registry && measure(registry, listener, load);
  return { ...load, refused: (what, share) => refusals?.inc({ what, share }) };
}

function measure(registry: Registry, listener: string, load: Readonly<Record<string, Occupancy>>): Counter {
  for (const [what, occupancy] of Object.entries(load)) {
    new Gauge({
      name: `${listener}_${what}_open`,
      help: `Open ${what} of the ${listener} listener.`,
      registers: [registry],
      collect() {
        this.set(occupancy.total);
      },
    });
    new Gauge({
      name: `${listener}_${what}_limit`,
      help: `How many ${what} the ${listener} listener has open at most.`,
      registers: [registry],
    }).set(occupancy.cap.total);
  }
  return new Counter({
    name: `${listener}_refused_total`,
    help: `What the ${listener} listener has turned away, by the share that was used up: total, address, connection.`,
    labelNames: ['what', 'share'],
    registers: [registry],
  });
}

/** Puts a guard in front of what a server does with a new connection; a connection over a limit is cut at once. */
export function limitConnections(server: NodeJS.EventEmitter, { connections, refused }: ListenerLoad): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const share = connections.enter(address, socket);
    if (share) {
      refused('connections', share);
      socket.destroy();
      return;
    }
    socket.once('close', () => connections.leave(address, socket));
    for (const listener of listeners) listener.call(server, socket);
  });
}

/** What is answered over a limit: the caller's own share is 429 in REST, a full service 503. */
export function overLimit(share: Share): ConnectError {
  const error =
    share === 'total'
      ? genericError(Code.Unavailable)
      : rpcError(Code.ResourceExhausted, 'LIMITE_DE_REQUISICOES', TOO_MANY);
  return retryAfter(error, 1);
}

const TOO_MANY = 'Há requisições demais em andamento vindas da mesma origem. Tente novamente em instantes.';
