/** The issuer does not answer as one: callers are told that it cannot be reached, whatever it is. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError';
  /** What `classifyFailure` of the runtime knows it by. */
  readonly code = 'EHOSTUNREACH';

  constructor(cause: unknown) {
    super('the OpenID Connect issuer gives no answer that is one', { cause });
  }
}
