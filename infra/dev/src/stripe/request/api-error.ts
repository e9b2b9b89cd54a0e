export interface StripeErrorBody {
  type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error';
  message: string;
  code?: string;
  param?: string;
  doc_url?: string;
}

interface StripeApiErrorInit extends StripeErrorBody {
  status: number;
  executed?: boolean;
}

/**
 * An answer in Stripe's error shape. `executed` says whether the endpoint had begun its work: only then
 * does Stripe keep the answer under the idempotency key.
 */
export class StripeApiError extends Error {
  override readonly name = 'StripeApiError';
  readonly status: number;
  readonly body: StripeErrorBody;
  readonly executed: boolean;

  constructor({ status, executed, ...body }: StripeApiErrorInit) {
    super(body.message);
    this.status = status;
    this.executed = executed ?? false;
    this.body = body.code
      ? { ...body, doc_url: `https://stripe.com/docs/error-codes/${kebab(body.code)}` }
      : body;
  }
}

/** A parameter refused before anything was done. */
export function invalidParam(message: string, param: string, code?: string): StripeApiError {
  return new StripeApiError({
    status: 400,
    type: 'invalid_request_error',
    message,
    param,
    ...(code && { code }),
  });
}

export function missingParam(param: string): StripeApiError {
  return invalidParam(`Missing required param: ${param}.`, param, 'parameter_missing');
}

/** `noun` as Stripe prints it: the object's snake_case name. */
export function resourceMissing(noun: string, id: string, param = 'id'): StripeApiError {
  const message = `No such ${noun}: '${id}'`;
  return new StripeApiError({
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    message,
    param,
  });
}

/** The parameters were fine but the object's state forbids the operation: kept under the idempotency key. */
export function refusedByState(
  message: string,
  extra: { code?: string; param?: string } = {},
): StripeApiError {
  return new StripeApiError({
    status: 400,
    type: 'invalid_request_error',
    message,
    executed: true,
    ...extra,
  });
}

function kebab(code: string): string {
  return code.replaceAll('_', '-');
}
