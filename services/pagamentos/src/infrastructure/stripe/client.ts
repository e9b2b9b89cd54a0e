import { Stripe } from 'stripe';

/** The types of the SDK hold for exactly this version, so it moves only together with the SDK. */
const API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 5_000;
const MAX_NETWORK_RETRIES = 2;

/** The official SDK: bounded waits, bounded retries, no telemetry. */
export function createStripe(options: { secretKey: string; apiUrl: string | undefined }): Stripe {
  return new Stripe(options.secretKey, {
    apiVersion: API_VERSION,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: MAX_NETWORK_RETRIES,
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
