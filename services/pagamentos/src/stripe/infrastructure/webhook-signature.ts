import { Stripe } from 'stripe';
import type { VerificadorDeWebhooks } from '../../webhooks/application/ports.ts';

const TOLERANCE_S = 300;

/**
 * Checks the signature over the raw bytes with each secret in turn (two while they rotate), and that the time stamp is
 * within five minutes of now in both directions: the SDK itself lets time stamps of the future through.
 */
export class VerificadorStripe implements VerificadorDeWebhooks {
  readonly #secrets: readonly string[];

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  verificar(corpo: Buffer, assinatura: string | undefined, agora: Date) {
    const stamps = [...(assinatura ?? '').matchAll(/(?:^|,)t=(\d{1,12})(?=,|$)/g)];
    const [stamp] = stamps;
    if (assinatura === undefined || !stamp || stamps.length > 1) return { recusado: 'malformed header' };
    if (Number(stamp[1]) - agora.getTime() / 1000 > TOLERANCE_S)
      return { recusado: 'time stamp in the future' };
    let recusado = 'no secret';
    for (const secret of this.#secrets) {
      try {
        return read(corpo, construct(corpo, assinatura, secret, agora));
      } catch (error) {
        recusado = refusal(error);
      }
    }
    return { recusado };
  }
}

function construct(corpo: Buffer, assinatura: string, secret: string, agora: Date): unknown {
  const { webhooks } = Stripe;
  return webhooks.constructEvent(corpo, assinatura, secret, TOLERANCE_S, undefined, agora.getTime());
}

function read(corpo: Buffer, event: unknown) {
  const { id, type } = (event ?? {}) as { id?: unknown; type?: unknown };
  if (typeof id !== 'string' || !/^evt_\w{1,250}$/.test(id) || typeof type !== 'string')
    return { recusado: 'not an event' };
  return { webhook: { id, tipo: type, payload: corpo.toString('utf8') } };
}

/** Why the SDK refused, in few words: its own texts carry advice and may carry the payload. */
function refusal(error: unknown): string {
  if (error instanceof Stripe.errors.StripeSignatureVerificationError)
    return error.message.startsWith('Timestamp') ? 'time stamp too old' : 'signature does not fit';
  return 'not an event';
}
