import type { DescService } from '@bufbuild/protobuf';
import { type Client, createClient, type Transport } from '@connectrpc/connect';
import type { Credentials } from './credentials.ts';
import type { Patience } from './retries.ts';
import { createTransport, type Route } from './transport.ts';

/** Where the platform is, and how patiently it is asked. */
export interface PlataformaOptions extends Partial<Patience> {
  /** Of the gateway: `https://api.exemplo.com.br`. */
  readonly url: string;
  /** Instead of the `fetch` that Node and browsers have. */
  readonly fetch?: typeof fetch;
}

const ATTEMPTS = 4;
const TIMEOUT_MS = 30_000;

/** The platform, as somebody who calls it: anonymously at first, `as` with a session or a key. */
export class Plataforma {
  /** How it is reached. */
  readonly route: Route;
  readonly #transport: Transport;

  constructor(options: PlataformaOptions, credentials?: Credentials) {
    const { url, attempts = ATTEMPTS, timeoutMs = TIMEOUT_MS, fetch: send = fetch } = options;
    // Browsers want to be called with nothing as `this`.
    this.route = { url: url.replace(/\/+$/, ''), attempts, timeoutMs, fetch: (...call) => send(...call) };
    this.#transport = createTransport(this.route, credentials);
  }

  /** The same platform for a caller with these credentials. */
  as(credentials: Credentials): Plataforma {
    return new Plataforma(this.route, credentials);
  }

  /**
   * The calls of one service of the contracts: `client(ReservasService)`. Each of them throws `ErroDaPlataforma`. What it takes
   * besides the request: `timeoutMs` and `signal` end it early, `headers` may name an `Idempotency-Key` of the caller's own.
   */
  client<S extends DescService>(service: S): Client<S> {
    return createClient(service, this.#transport);
  }
}
