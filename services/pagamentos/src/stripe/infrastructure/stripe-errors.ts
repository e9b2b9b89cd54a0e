import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { BreakerOpenError, BreakerTimeoutError } from '@plataforma/runtime/breaker';
import { Stripe } from 'stripe';
import { type FalhaDoGateway, GatewayError } from '../../pagamento/application/gateway-error.ts';

const { errors } = Stripe;

/** Errors that say "no" rather than "not now": the same request would be refused again. */
const RECUSAS = [
  errors.StripeInvalidRequestError,
  errors.StripeIdempotencyError,
  errors.StripeAuthenticationError,
  errors.StripePermissionError,
  errors.StripeCardError,
];

/** Stripe is alive and refused: no reason to open the breaker. */
export function isAnswer(error: unknown): boolean {
  return RECUSAS.some((tipo) => error instanceof tipo);
}

/** The same request may well be answered a moment later, unless Stripe says that it will not. */
export function isWorthRepeating(error: unknown): boolean {
  if (!(error instanceof errors.StripeError) || error.headers?.['stripe-should-retry'] === 'false')
    return false;
  if (error instanceof errors.StripeConnectionError || error instanceof errors.StripeRateLimitError)
    return true;
  // 409: another request under the same key is being carried out this moment.
  return error.statusCode !== undefined && (error.statusCode >= 500 || error.statusCode === 409);
}

/** Longest pause that is kept: a header must not stop the payments of a day. */
const MAX_PAUSE_MS = 60_000;

/** For how many milliseconds Stripe wants no further calls (`Retry-After`); 0 when it does not say. */
export function requestedPauseMs(error: unknown): number {
  if (!(error instanceof errors.StripeError)) return 0;
  const seconds = Number(error.headers?.['retry-after']);
  return seconds > 0 ? Math.min(seconds * 1_000, MAX_PAUSE_MS) : 0;
}

/** Errors of the SDK and the breaker in the words of the port; a defect of ours stays what it is. */
export function toGatewayError(error: unknown): unknown {
  if (error instanceof BreakerOpenError || error instanceof BreakerTimeoutError)
    return new ProviderAwayError(error.message, { cause: error });
  if (!(error instanceof errors.StripeError)) return error;
  const facts = [error.type, error.code, error.param, error.statusCode, error.requestId];
  const message = `Stripe: ${facts.filter(Boolean).join(' ')}`;
  const codigo = codigoDaRecusa(error);
  const falha = falhaDe(error);
  if (!falha) return new ProviderAwayError(message, { cause: error });
  return new GatewayError(falha, message, { cause: error, ...(codigo !== undefined && { codigo }) });
}

/**
 * A failure that could pass, kept under the key: Stripe repeats the first answer for a day, also a 500. The request is
 * over, whether it had its effect or not: who looks first may ask again under another key.
 */
function isKept({ code, headers, statusCode }: InstanceType<typeof errors.StripeError>): boolean {
  const couldPass = (statusCode ?? 0) >= 500 || PASSAGEIROS.includes(code ?? '');
  return headers?.['idempotent-replayed'] === 'true' && couldPass;
}

/** Refused for now only: the account has no balance yet, or another request holds the object. */
const PASSAGEIROS: readonly string[] = ['balance_insufficient', 'lock_timeout'];

function codigoDaRecusa(error: InstanceType<typeof errors.StripeError>): string | undefined {
  const recusado =
    error instanceof errors.StripeInvalidRequestError && !PASSAGEIROS.includes(error.code ?? '');
  return recusado ? (error.code ?? 'invalid_request') : undefined;
}

/** Undefined where Stripe has refused nothing: it is away. */
function falhaDe(error: InstanceType<typeof errors.StripeError>): FalhaDoGateway | undefined {
  // The key was used with other parameters, say before the return addresses were changed.
  if (error instanceof errors.StripeIdempotencyError) return 'TENTATIVA_PERDIDA';
  // The frozen deadline has come closer than the 30 minutes that Stripe demands.
  if (error instanceof errors.StripeInvalidRequestError && error.param === 'expires_at')
    return 'TENTATIVA_PERDIDA';
  if (isKept(error)) return 'TENTATIVA_PERDIDA';
  if (error.code === 'charge_disputed') return 'EM_DISPUTA';
  return isAnswer(error) ? 'RECUSADO' : undefined;
}
