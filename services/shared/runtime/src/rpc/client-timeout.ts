import type { IncomingHttpHeaders } from 'node:http';

/** As long as nothing takes. A timer further ahead than Node can count, 25 days, goes off at once. */
const MAX_HOURS = 24;
const MAX_MS = MAX_HOURS * 3_600_000;

const GRPC_TIMEOUT = /^(\d{1,8})([HMSmun])$/;
const GRPC_UNITS_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Shortens what a client waits at most, in the headers themselves: grpc-js and Connect set timers by them. */
export function boundTimeouts(headers: IncomingHttpHeaders): void {
  if ((connectMs(headers) ?? 0) > MAX_MS) headers['connect-timeout-ms'] = String(MAX_MS);
  if ((grpcMs(headers) ?? 0) > MAX_MS) headers['grpc-timeout'] = `${MAX_HOURS}H`;
}

/**
 * When a client gives a call up, in milliseconds since the epoch. Connect and gRPC name it differently; a malformed one is
 * refused by their handlers.
 */
export function clientDeadline(headers: IncomingHttpHeaders): number | undefined {
  const ms = connectMs(headers) ?? grpcMs(headers);
  return ms === undefined ? undefined : Date.now() + ms;
}

function connectMs({ 'connect-timeout-ms': text }: IncomingHttpHeaders): number | undefined {
  return typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function grpcMs({ 'grpc-timeout': text }: IncomingHttpHeaders): number | undefined {
  const [, amount, unit = ''] = (typeof text === 'string' && GRPC_TIMEOUT.exec(text)) || [];
  return amount === undefined ? undefined : Number(amount) * (GRPC_UNITS_MS[unit] ?? Number.NaN);
}
