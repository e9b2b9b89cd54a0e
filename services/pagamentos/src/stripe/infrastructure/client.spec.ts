import { expect, it } from '@jest/globals';
import { API_VERSION, createStripe } from './client.ts';

it.each([
  ['https://stripe.test', 'https', 'stripe.test', 443],
  ['http://stripe.test', 'http', 'stripe.test', 80],
  ['http://127.0.0.1:4242', 'http', '127.0.0.1', '4242'],
  [undefined, 'https', 'api.stripe.com', '443'],
])('asks %s, waits five seconds and repeats nothing', (apiUrl, protocol, host, port) => {
  const stripe = createStripe({ secretKey: 'sk_test_0123456789abcdef', apiUrl });
  expect({
    version: stripe.getApiField('version'),
    timeout: stripe.getApiField('timeout'),
    address: [stripe.getApiField('protocol'), stripe.getApiField('host'), stripe.getApiField('port')],
    repeats: stripe.getApiField('maxNetworkRetries'),
    telemetry: stripe.getTelemetryEnabled(),
  }).toEqual({
    ...{ version: API_VERSION, timeout: 5_000, repeats: 0, telemetry: false },
    address: [protocol, host, port],
  });
});
