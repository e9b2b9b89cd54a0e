import { describe, expect, it } from '@jest/globals';
import { BreakerOpenError, BreakerTimeoutError } from '@plataforma/runtime/breaker';
import { Stripe } from 'stripe';
import { isAnswer, isWorthRepeating, requestedPauseMs, toGatewayError } from './stripe-errors.ts';

const { errors } = Stripe;

/** An error as the SDK raises it. */
type Raw = ConstructorParameters<typeof errors.StripeInvalidRequestError>[0];
const raw = (fields: object): Raw => ({ message: 'x', ...fields }) as Raw;
const invalid = (fields: object = {}) =>
  new errors.StripeInvalidRequestError(raw({ type: 'invalid_request_error', statusCode: 400, ...fields }));
const broken = (fields: object = {}) =>
  new errors.StripeAPIError(raw({ type: 'api_error', statusCode: 500, ...fields }));
const busy = (fields: object = {}) =>
  new errors.StripeRateLimitError(raw({ type: 'rate_limit_error', statusCode: 429, ...fields }));
const cut = () => new errors.StripeConnectionError(raw({ type: 'api_error' }));
const idempotency = () =>
  new errors.StripeIdempotencyError(raw({ type: 'idempotency_error', statusCode: 400 }));
const REPLAYED = { headers: { 'idempotent-replayed': 'true' } };

describe('what Stripe says', () => {
  it.each<[string, unknown, boolean]>([
    ['a wrong request', invalid(), true],
    ['a key used with other parameters', idempotency(), true],
    ['a wrong secret', new errors.StripeAuthenticationError(raw({ type: 'authentication_error' })), true],
    ['a forbidden request', new errors.StripePermissionError(raw({ type: 'api_error' })), true],
    ['a card that is declined', new errors.StripeCardError(raw({ type: 'card_error' })), true],
    ['a failure of Stripe', broken(), false],
    ['too many requests', busy(), false],
    ['a connection that was cut', cut(), false],
    ['a defect of ours', new TypeError('x'), false],
  ])('is an answer or none: %s', (_, error, answer) => {
    expect(isAnswer(error)).toBe(answer);
  });

  it.each<[string, unknown, boolean]>([
    ['a connection that was cut', cut(), true],
    ['too many requests', busy(), true],
    ['a failure of Stripe', broken(), true],
    ['a failure of Stripe that is none of the last hundred', broken({ statusCode: 499 }), false],
    ['another request under the same key', broken({ statusCode: 409 }), true],
    ['an answer without a status', broken({ statusCode: undefined }), false],
    ['a wrong request', invalid(), false],
    ['what Stripe says is in vain', broken({ headers: { 'stripe-should-retry': 'false' } }), false],
    ['what Stripe says is not', broken({ headers: { 'stripe-should-retry': 'true' } }), true],
    ['a defect of ours', new TypeError('x'), false],
  ])('is worth a second request or not: %s', (_, error, worth) => {
    expect(isWorthRepeating(error)).toBe(worth);
  });

  it.each<[string, unknown, number]>([
    ['two seconds', busy({ headers: { 'retry-after': '2' } }), 2_000],
    ['a minute at most', busy({ headers: { 'retry-after': '61' } }), 60_000],
    ['none', busy({ headers: {} }), 0],
    ['none without headers', busy(), 0],
    ['none that makes sense', busy({ headers: { 'retry-after': 'soon' } }), 0],
    ['none that is over', busy({ headers: { 'retry-after': '-1' } }), 0],
    ['none from anybody else', new Error('x'), 0],
  ])('asks for a pause of %s', (_, error, ms) => {
    expect(requestedPauseMs(error)).toBe(ms);
  });
});

describe('a failure of Stripe in the words of the port', () => {
  it.each<[string, unknown, object]>([
    [
      'a wrong request',
      invalid({ code: 'resource_missing' }),
      { falha: 'RECUSADO', codigo: 'resource_missing' },
    ],
    ['a wrong request without a code', invalid(), { falha: 'RECUSADO', codigo: 'invalid_request' }],
    ['no balance yet', invalid({ code: 'balance_insufficient' }), { falha: 'RECUSADO', codigo: undefined }],
    [
      'no balance, kept under the key',
      invalid({ code: 'balance_insufficient', ...REPLAYED }),
      { falha: 'TENTATIVA_PERDIDA', codigo: undefined },
    ],
    [
      'an object that is held, kept under the key',
      invalid({ code: 'lock_timeout', ...REPLAYED }),
      { falha: 'TENTATIVA_PERDIDA', codigo: undefined },
    ],
    [
      'a refusal kept under the key',
      invalid({ code: 'resource_missing', ...REPLAYED }),
      { falha: 'RECUSADO', codigo: 'resource_missing' },
    ],
    ['a refusal without a code kept under the key', invalid(REPLAYED), { falha: 'RECUSADO' }],
    [
      'a payment in dispute',
      invalid({ code: 'charge_disputed' }),
      { falha: 'EM_DISPUTA', codigo: 'charge_disputed' },
    ],
    ['a deadline that has come too near', invalid({ param: 'expires_at' }), { falha: 'TENTATIVA_PERDIDA' }],
    ['another parameter', invalid({ param: 'amount' }), { falha: 'RECUSADO' }],
    ['a key used with other parameters', idempotency(), { falha: 'TENTATIVA_PERDIDA', codigo: undefined }],
    ['a failure of Stripe', broken(), { name: 'ProviderAwayError' }],
    ['one kept under the key', broken(REPLAYED), { falha: 'TENTATIVA_PERDIDA', codigo: undefined }],
    [
      'one that says it is not kept',
      broken({ headers: { 'idempotent-replayed': 'false' } }),
      { name: 'ProviderAwayError' },
    ],
    [
      'an answer below 500 kept under the key',
      broken({ statusCode: 499, ...REPLAYED }),
      { name: 'ProviderAwayError' },
    ],
    ['one without a status', broken({ statusCode: undefined, ...REPLAYED }), { name: 'ProviderAwayError' }],
    ['a connection that was cut', cut(), { name: 'ProviderAwayError' }],
    ['a breaker that is open', new BreakerOpenError('stripe'), { name: 'ProviderAwayError' }],
    ['a breaker that waited in vain', new BreakerTimeoutError('stripe', 5), { name: 'ProviderAwayError' }],
  ])('is %s', (_, error, expected) => {
    expect(toGatewayError(error)).toMatchObject({ name: 'GatewayError', ...expected, cause: error });
  });

  it('names what Stripe calls it, and leaves out what it does not say', () => {
    const error = invalid({
      code: 'missing',
      param: 'amount',
      headers: { 'request-id': 'req_1' },
      requestId: 'req_1',
    });
    expect(toGatewayError(error)).toMatchObject({
      message: 'Stripe: StripeInvalidRequestError missing amount 400 req_1',
    });
    expect(toGatewayError(cut())).toMatchObject({ message: 'Stripe: StripeConnectionError' });
  });

  it('is none where the defect is ours', () => {
    const error = new TypeError('x');
    expect(toGatewayError(error)).toBe(error);
  });
});
