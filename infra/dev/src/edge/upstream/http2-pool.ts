import { type ClientHttp2Session, connect } from 'node:http2';
import { UpstreamError } from './upstream-error.ts';

interface PoolOptions {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
}

/** Enough to use both sides' buffers well; one session carries many calls at once. */
const SESSIONS = 2;
const PING_EVERY_MS = 15_000;
const PING_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;
/** Above the largest answer expected, so that flow control never stalls one call behind another. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** HTTP/2 sessions to one upstream, opened on demand, checked by ping and replaced once they end. */
export class Http2Pool {
  readonly #options: PoolOptions;
  readonly #sessions: (ClientHttp2Session | undefined)[] = new Array(SESSIONS).fill(undefined);
  #next = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** A session to send one request on. It may still be connecting. */
  session(): ClientHttp2Session {
    const slot = this.#next;
    this.#next = (slot + 1) % SESSIONS;
    const present = this.#sessions[slot];
    if (present && !present.closed && !present.destroyed) return present;
    const opened = this.#open(slot);
    this.#sessions[slot] = opened;
    return opened;
  }

  /** Lets calls in progress end, but not for long, then closes the connections. */
  async close(): Promise<void> {
    const open = this.#sessions.filter((session) => session !== undefined && !session.destroyed);
    this.#sessions.fill(undefined);
    await Promise.all(open.map((session) => (session ? closeGently(session) : undefined)));
  }

  #open(slot: number): ClientHttp2Session {
    const { host, port, connectTimeoutMs } = this.#options;
    const session = connect(`http://${host}:${port}`, { settings: { initialWindowSize: WINDOW_BYTES } });
    const forget = (): void => {
      if (this.#sessions[slot] === session) this.#sessions[slot] = undefined;
    };
    const late = new UpstreamError('connect timeout', { isTimeout: true, isSafeToRetry: true });
    const connecting = setTimeout(() => session.destroy(late), connectTimeoutMs);
    session.once('connect', () => {
      clearTimeout(connecting);
      // Node tells of the connection also when the session was given up before it came about.
      if (session.destroyed) return;
      session.setLocalWindowSize(WINDOW_BYTES);
      keepAlive(session);
    });
    session.once('close', () => {
      clearTimeout(connecting);
      forget();
    });
    // Every call on the session fails with the same error and reports it; here it only ends the session.
    session.on('error', forget);
    return session;
  }
}

function closeGently(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    // With an error: what has come of an answer must not look like the whole of it.
    const impatience = setTimeout(() => session.destroy(new Error('closed')), CLOSE_TIMEOUT_MS);
    session.once('close', () => {
      clearTimeout(impatience);
      resolve();
    });
    session.close();
  });
}

/** A peer that vanished without closing is found by the first ping that stays unanswered. */
function keepAlive(session: ClientHttp2Session): void {
  const timer = setInterval(() => {
    // Destroyed by a call that failed, and its `close` has not been told yet.
    if (session.destroyed) return clearInterval(timer);
    const unanswered = setTimeout(() => session.destroy(new Error('ping timeout')), PING_TIMEOUT_MS);
    const sent = session.ping(() => clearTimeout(unanswered));
    if (!sent) clearTimeout(unanswered);
  }, PING_EVERY_MS);
  timer.unref();
  session.once('close', () => clearInterval(timer));
}
