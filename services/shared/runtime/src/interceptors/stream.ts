/**
 * Passes the messages of a stream on and tells how it ended, exactly once: with the error `onError` makes of a
 * failure, with `undefined` at its regular end, or with the error of `onAbandoned` when the reader went away first.
 */
export async function* observeStream<T, E>(
  messages: AsyncIterable<T>,
  hooks: { onError: (err: unknown) => E; onAbandoned: () => E; onEnd: (err: E | undefined) => void },
): AsyncGenerator<T> {
  let outcome: { readonly error: E | undefined } | undefined;
  try {
    yield* messages;
    outcome = { error: undefined };
  } catch (err) {
    outcome = { error: hooks.onError(err) };
    throw outcome.error;
  } finally {
    hooks.onEnd(outcome === undefined ? hooks.onAbandoned() : outcome.error);
  }
}

/** Runs a check on each message before it is passed on; what the check throws ends the stream. */
export async function* checkEach<T>(
  messages: AsyncIterable<T>,
  check: (message: T) => void,
): AsyncGenerator<T> {
  for await (const message of messages) {
    check(message);
    yield message;
  }
}

/** Replaces the error that ends a stream. */
export async function* mapStreamError<T>(
  messages: AsyncIterable<T>,
  map: (err: unknown) => Error,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (err) {
    throw map(err);
  }
}
