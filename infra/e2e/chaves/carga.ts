import { setTimeout as delay } from 'node:timers/promises';
import type { Customer, Platform } from '../platform/platform.ts';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Between two requests of one person. */
const PAUSE_MS = 40;
const TIMEOUT_MS = 20_000;
const PASSWORD = 'Senha@123';
const READS = ['/api/v1/users/me', '/api/v1/reservas', '/api/v1/transacoes', '/api/v1/notificacoes'];

/** People at work: each logs in and refreshes now and then, and reads something of every service through the edge. */
export class Carga {
  /** How many requests were answered. */
  answered = 0;
  /** What was not answered as it should be. */
  readonly failures: string[] = [];
  /** The tokens that people got, the newest last. */
  readonly tokens: string[] = [];
  readonly #platform: Platform;
  readonly #stopping = new AbortController();
  readonly #people: Array<Promise<void>>;

  constructor(platform: Platform, people: readonly Customer[]) {
    this.#platform = platform;
    this.#people = people.map((person) => this.#work(person));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#people);
  }

  async #work({ email }: Customer): Promise<void> {
    let tokens: Tokens | undefined;
    for (let turn = 0; !this.#stopping.signal.aborted; turn++) {
      if (tokens === undefined || turn % 10 === 0)
        tokens = await this.#tokens('/api/v1/auth/login', { email, password: PASSWORD });
      else if (turn % 5 === 0)
        tokens = await this.#tokens('/api/v1/auth/refresh', { refreshToken: tokens.refreshToken });
      if (tokens) await this.#request('GET', READS[turn % READS.length] ?? '', tokens.accessToken);
      await delay(PAUSE_MS);
    }
  }

  async #tokens(path: string, body: object): Promise<Tokens | undefined> {
    const tokens = (await this.#request('POST', path, undefined, body)) as Tokens | undefined;
    if (tokens) this.tokens.push(tokens.accessToken);
    return tokens;
  }

  async #request(method: string, path: string, token?: string, body?: object): Promise<unknown> {
    try {
      const response = await fetch(this.#platform.edgeUrl + path, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      this.answered += 1;
      if (response.ok) return JSON.parse(text);
      this.failures.push(`${method} ${path}: ${response.status} ${text}`);
    } catch (error) {
      this.failures.push(`${method} ${path}: ${String(error)}`);
    }
    return undefined;
  }
}
