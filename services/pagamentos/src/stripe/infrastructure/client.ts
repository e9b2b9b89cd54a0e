import { Stripe } from 'stripe';

/** The types of the SDK hold for exactly this version, so it moves only together with the SDK. */
export const API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 5_000;

/** The official SDK: bounded waits, no retries, no telemetry. */
export function createStripe(options: { secretKey: string; apiUrl: string | undefined }): Stripe {
  return new Stripe(options.secretKey, {
    apiVersion: API_VERSION,
    timeout: TIMEOUT_MS,
    // What fails counts for the circuit breaker, so it is repeated around that. Only a connection that was cut off
    // before the answer is tried once more by the SDK itself, whatever this number says.
    maxNetworkRetries: 0,
    telemetry: false,
    ...address(options.apiUrl),
  });
}

function address(apiUrl: string | undefined) {
  if (apiUrl === undefined) return {};
  const { protocol, hostname, port } = new URL(apiUrl);
  const secure = protocol === 'https:';
  return {
    protocol: secure ? ('https' as const) : ('http' as const),
    host: hostname,
    port: port || (secure ? 443 : 80),
  };
}
