import { Code } from '@connectrpc/connect';
import type { Clock } from '@plataforma/domain/clock';
import { rpcError } from '@plataforma/runtime/errors';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { type Actor, newTrail, onTrail } from '@plataforma/runtime/trail';
import { WEBHOOK } from '../../pagamento/presentation/acesso.ts';
import type { ObservadorDeWebhooks, VerificadorDeWebhooks, WebhookRecebido } from '../application/ports.ts';
import type { ReceberWebhookHandler } from '../application/receber-webhook.ts';

interface Deps {
  readonly receber: Pick<ReceberWebhookHandler, 'execute'>;
  readonly clock: Clock;
  readonly observador: Pick<ObservadorDeWebhooks, 'webhookRecusado'>;
  readonly verificador: VerificadorDeWebhooks;
}

const MAX_BYTES = 512 * 1024;

/** Who begins what follows from a webhook; the request is called by the identity of Stripe's event. */
export const STRIPE: Actor = { type: 'service_account', id: 'stripe' };

/**
 * Takes a signed event and says so once it is stored. Stripe repeats what is not answered with 2xx for days, so only
 * events that could not be stored are not.
 */
export function stripeWebhookRoute(deps: Deps): HttpRoute {
  return {
    ...WEBHOOK,
    maxBytes: MAX_BYTES,
    async handle({ headers, body }) {
      const webhook = verified(deps, headers['stripe-signature'], body);
      const novo = await onTrail(newTrail(STRIPE, webhook.id), () => deps.receber.execute(webhook));
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ received: true, duplicate: !novo }),
      };
    },
  };
}

function verified(deps: Deps, header: string | string[] | undefined, body: Buffer): WebhookRecebido {
  const { clock, observador, verificador } = deps;
  const signature = typeof header === 'string' ? header : undefined;
  const veredito = verificador.verificar(body, signature, clock.now());
  if ('webhook' in veredito) return veredito.webhook;
  observador.webhookRecusado(veredito.recusado);
  throw rpcError(
    Code.InvalidArgument,
    'ASSINATURA_INVALIDA',
    'A assinatura do webhook não confere ou o seu horário está fora da tolerância.',
  );
}
