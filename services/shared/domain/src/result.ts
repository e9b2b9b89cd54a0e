/** Outcome of an operation that may fail for a business reason. Technical failures throw instead. */
export type Result<T, E extends Error> =
  | { readonly isSuccess: true; readonly isFailure: false; readonly value: T }
  | { readonly isSuccess: false; readonly isFailure: true; readonly error: E };

/** Constructors of {@link Result}. */
export const Result = {
  ok: <T>(value: T): Result<T, never> => ({ isSuccess: true, isFailure: false, value }),
  fail: <E extends Error>(error: E): Result<never, E> => ({ isSuccess: false, isFailure: true, error }),
};
