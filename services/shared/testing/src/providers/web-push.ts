import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { type BrowserKeys, decrypt } from './decrypt.ts';
import { type Answer, type ProviderRequest, StandIn } from './stand-in.ts';
import { isSiteKey, signerOf } from './vapid.ts';

/** A message as a browser has read it. */
export interface WebPushMessage {
  /** Of the subscription. */
  readonly subscription: string;
  readonly clear: Readonly<Record<string, unknown>>;
  readonly topic: string | undefined;
  readonly ttl: number;
  readonly urgency: string | undefined;
  /** Of the encrypted body. */
  readonly bytes: number;
}

/** What a browser tells a web site of its subscription. */
export interface WebPushSubscription {
  readonly id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

interface Subscribed extends BrowserKeys {
  /** Of the web site that may send. */
  readonly siteKey: string;
}

const MOST_BYTES = 4_096;
/** Subscriptions that are remembered; the oldest of more are gone. */
const MOST_SUBSCRIPTIONS = 1_000;
const nothing = (status: number): Answer => ({ status });

/** A push service (RFC 8030, 8292) with the browsers behind it, which read what comes (RFC 8291). */
export class WebPushStandIn extends StandIn<WebPushMessage> {
  /** The `authorization` of the last requests. */
  readonly authorizations: string[] = [];
  readonly #subscriptions = new Map<string, Subscribed>();

  /** A browser subscribes with the public key of a web site: a point of P-256 in base64url. */
  subscribe(siteKey: string): WebPushSubscription {
    const ecdh = createECDH('prime256v1');
    const p256dh = ecdh.generateKeys('base64url');
    const auth = randomBytes(16);
    const id = randomUUID();
    this.#subscriptions.set(id, { privateKey: ecdh.getPrivateKey(), auth, siteKey });
    const [oldest = ''] = this.#subscriptions.keys();
    if (this.#subscriptions.size > MOST_SUBSCRIPTIONS) this.#subscriptions.delete(oldest);
    return { id, endpoint: `${this.url}/push/${id}`, p256dh, auth: auth.toString('base64url') };
  }

  /** A browser wants no more; false when it has never wanted. */
  unsubscribe(id: string): boolean {
    return this.#subscriptions.delete(id);
  }

  /** What a browser that was out of reach gets when it is back: of one topic the last one. */
  waiting(id: string): WebPushMessage[] {
    const ofIt = this.received.filter(({ subscription }) => subscription === id);
    return [...new Map(ofIt.map((message) => [message.topic ?? randomUUID(), message])).values()];
  }

  /** `/subscribe` and `/subscription/...` for browsers, `/push/...` for web sites. */
  async respond(request: ProviderRequest): Promise<Answer | undefined> {
    const [, part = '', id = ''] =
      /^\/(subscribe|subscription|push)(?:\/([\w-]+))?$/.exec(request.path) ?? [];
    if (part === '' || (part === 'subscribe') !== (id === '')) return undefined;
    if (request.method !== (part === 'subscription' ? 'DELETE' : 'POST')) return nothing(405);
    if (part === 'subscribe') return this.#subscribe(request);
    if (part === 'subscription') return nothing(this.unsubscribe(id) ? 204 : 404);
    return this.#push(id, request);
  }

  /** What a browser asks of its push service (RFC 8030, 4 and RFC 8292, 4.1); the answer has what it tells the web site, too. */
  #subscribe({ headers, bytes }: ProviderRequest): Answer {
    if (headers['content-type']?.split(';', 1)[0] !== 'application/webpush-options+json') return nothing(415);
    const { vapid } = read(() => JSON.parse(bytes.toString('utf8'))) ?? {};
    if (typeof vapid !== 'string' || !isSiteKey(vapid)) return nothing(400);
    const { id, endpoint, p256dh, auth } = this.subscribe(vapid);
    return {
      status: 201,
      headers: {
        location: `${this.url}/subscription/${id}`,
        link: `<${endpoint}>; rel="urn:ietf:params:push"`,
      },
      body: { endpoint, expirationTime: null, keys: { p256dh, auth } },
    };
  }

  async #push(id: string, { headers, bytes }: ProviderRequest): Promise<Answer> {
    const { authorization = '' } = headers;
    this.authorizations.push(authorization);
    if (this.authorizations.length > MOST_SUBSCRIPTIONS) this.authorizations.shift();
    const signer = await signerOf(authorization, this.url);
    if (signer === undefined) return nothing(401);
    const subscribed = this.#subscriptions.get(id);
    if (subscribed === undefined) return nothing(410);
    if (signer !== subscribed.siteKey) return nothing(403);
    const wrong = faultOf(headers, bytes);
    return wrong === undefined ? this.#deliver(id, subscribed, { headers, bytes }) : nothing(wrong);
  }

  #deliver(id: string, keys: BrowserKeys, { headers, bytes }: Pick<ProviderRequest, 'headers' | 'bytes'>) {
    const clear = read(() => JSON.parse(decrypt(bytes, keys).toString('utf8')));
    // A push service cannot know; here it is the only one who could tell.
    if (clear === undefined) return nothing(400);
    const { ttl, topic, urgency } = headers;
    const location = `${this.url}/push-messages/${randomUUID()}`;
    const message = { subscription: id, clear, ttl: Number(ttl), bytes: bytes.length };
    this.take({ ...message, topic: topic?.toString(), urgency: urgency?.toString() }, location);
    return { status: 201, headers: { location, ttl: `${ttl}` } };
  }
}

/** The status that says what is wrong with a request (RFC 8030, 5). */
function faultOf(headers: ProviderRequest['headers'], bytes: Buffer): number | undefined {
  const { ttl = '', topic, urgency } = headers;
  if (!/^\d+$/.test(`${ttl}`)) return 400;
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(`${topic}`)) return 400;
  if (urgency !== undefined && !/^(?:very-low|low|normal|high)$/.test(`${urgency}`)) return 400;
  if (bytes.length > MOST_BYTES) return 413;
  return headers['content-encoding'] === 'aes128gcm' ? undefined : 415;
}

/** Undefined where it cannot be read. */
function read(reading: () => unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    return reading() as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
