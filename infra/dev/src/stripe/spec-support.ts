import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import type { StripeStandIn } from './server.ts';

export const SECRET = 'whsec_local_spec_one';

/** The official SDK pointed at the stand-in; no retries of its own unless asked. */
export function clientOf(
  standIn: StripeStandIn,
  config: { maxNetworkRetries?: number; timeout?: number } = {},
): Stripe {
  return new Stripe(standIn.secretKey, {
    host: '127.0.0.1',
    port: standIn.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...config,
  });
}

/** A session for R$ 150,00 of one reservation, with anything overridden. */
export function sessionParams(
  override: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'brl', unit_amount: 15_000, product_data: { name: 'Sala Ipê' } },
      },
    ],
    success_url: 'http://loja.test/ok?sessao={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://loja.test/voltar',
    client_reference_id: 'res_spec',
    metadata: { reservaId: 'res_spec' },
    payment_intent_data: { metadata: { reservaId: 'res_spec' } },
    ...override,
  };
}

/** A paid session's intent id. */
export async function paidIntent(standIn: StripeStandIn, stripe: Stripe): Promise<string> {
  const session = await stripe.checkout.sessions.create(sessionParams());
  return standIn.control.pay(session.id).payment_intent as string;
}

/** The error that a call must end with; fails the test when it succeeds. */
export async function errorOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) throw new Error('the call was expected to fail');
  return outcome as Stripe.errors.StripeError;
}

export interface Received {
  body: string;
  headers: IncomingHttpHeaders;
  event: { id: string; type: string };
}

/** A webhook endpoint that keeps every request and answers what `status` says at that moment. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  status: (received: Received) => number = () => 200;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const received = { body, headers: request.headers, event: JSON.parse(body) as Received['event'] };
      this.received.push(received);
      response.writeHead(this.status(received)).end();
    });
  });

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhook`;
  }

  /** Types in the order of arrival. */
  get types(): string[] {
    return this.received.map(({ event }) => event.type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
