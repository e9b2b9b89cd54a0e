import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { GoogleTokens } from './google-tokens.ts';
import { readJson } from './read-json.ts';
import { exactly, object, text } from './shape.ts';
import { type Answer, type ProviderRequest, StandIn, type StandInOptions } from './stand-in.ts';

/** What is read of a message here; see the reference of projects.messages for all there may be. */
export interface FcmMessage {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data: Readonly<Record<string, string>>;
  readonly android: { readonly priority: string; readonly ttl: string };
  readonly apns: { readonly headers: Readonly<Record<string, string>> };
}

/** Of a service account that does not exist, as its file of credentials names the parts. */
export const FCM_ACCOUNT = {
  type: 'service_account',
  project_id: 'plataforma-local',
  client_email: 'push@plataforma-local.iam.gserviceaccount.com',
  private_key_id: 'local',
} as const;

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const MOST_BYTES = 8_192;
const seconds = text(/^\d+$/);
const line = text(/^[^\p{Cc}]+$/u);

const BODY = object({
  message: object({
    token: text(),
    notification: object({ title: line, body: line }),
    // Every value is a text.
    data: object({ id: line, 'caminho?': text(/^\//) }),
    android: object({
      priority: text(/^(?:NORMAL|HIGH)$/),
      ttl: text(/^\d+s$/),
      notification: object({ tag: line }),
    }),
    apns: object({
      headers: object({
        'apns-collapse-id': text(/^.{1,64}$/),
        'apns-expiration': seconds,
        'apns-priority': text(/^(?:10|5)$/),
      }),
      payload: object({ aps: object({ sound: exactly('default') }) }),
    }),
    webpush: object({
      headers: object({ TTL: seconds, Urgency: text(/^(?:very-low|low|normal|high)$/) }),
      notification: object({ tag: line }),
    }),
  }),
});

/** A failure as Google writes it; `errorCode` when it is one of FCM's own. */
export function fcmError(status: number, errorCode?: string, headers: Answer['headers'] = {}): Answer {
  const details = errorCode === undefined ? [] : [{ '@type': FCM_ERROR, errorCode }];
  return { status, headers, body: { error: { code: status, message: 'no', status: 'X', details } } };
}

/** A member of the request is not as it must be. */
const wrongField = (field: string): Answer => ({
  status: 400,
  body: {
    error: {
      ...{ code: 400, message: 'no', status: 'INVALID_ARGUMENT' },
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field }] }],
    },
  },
});

interface Options extends StandInOptions<FcmMessage> {
  /** Of the service account, in PEM. Left out: a key is made, and {@link FcmStandIn.credentials} has it. */
  readonly publicKey?: string;
  /** Whether there is such a device, with the app; by default those of {@link FcmStandIn.devices} are. */
  readonly hasApp?: (token: string) => boolean;
}

/** FCM HTTP v1 and the token endpoint of Google, as they document themselves. */
export class FcmStandIn extends StandIn<FcmMessage> {
  /** Tokens of devices that have the app. */
  readonly devices = new Set<string>();
  readonly tokens: GoogleTokens;
  readonly #hasApp: (token: string) => boolean;
  readonly #privateKey: KeyObject | undefined;

  constructor({ publicKey, hasApp, ...options }: Options = {}) {
    super(options);
    this.#hasApp = hasApp ?? ((token) => this.devices.has(token));
    const made = publicKey === undefined ? generateKeyPairSync('rsa', { modulusLength: 2_048 }) : undefined;
    this.#privateKey = made?.privateKey;
    this.tokens = new GoogleTokens(made?.publicKey ?? createPublicKey(publicKey ?? ''), FCM_ACCOUNT);
  }

  /** The file of credentials. */
  get credentials(): string {
    const private_key = this.#privateKey?.export({ type: 'pkcs8', format: 'pem' });
    return JSON.stringify({ ...FCM_ACCOUNT, token_uri: `${this.url}/token`, private_key });
  }

  protected override mayFail({ path }: ProviderRequest): boolean {
    return path !== '/token';
  }

  /** Both its own calls and those of the token endpoint. */
  async respond(request: ProviderRequest): Promise<Answer | undefined> {
    const { method, path, headers, bytes } = request;
    if (path === '/token') return this.tokens.respond(request, `${this.url}/token`);
    if (!path.startsWith('/v1/projects/')) return undefined;
    if (method !== 'POST') return fcmError(405);
    if (path !== `/v1/projects/${FCM_ACCOUNT.project_id}/messages:send`) return fcmError(404);
    if (!this.tokens.areFrom(headers.authorization)) return fcmError(401);
    if (headers['content-type'] !== 'application/json' || bytes.length > MOST_BYTES) return fcmError(400);
    return this.#message(bytes.toString('utf8'));
  }

  #message(json: string): Answer {
    const body = readJson(json);
    const wrong = BODY(body, '');
    if (wrong !== undefined) return wrongField(wrong);
    const { message } = body as { message: FcmMessage };
    const { notification, data } = message;
    if (Buffer.byteLength(JSON.stringify({ notification, data })) > 4_096) return wrongField('message');
    if (!/^[\w:-]+$/.test(message.token)) return fcmError(400, 'INVALID_ARGUMENT');
    if (!this.#hasApp(message.token)) return fcmError(404, 'UNREGISTERED');
    const name = `projects/${FCM_ACCOUNT.project_id}/messages/0:${randomUUID()}`;
    this.take(message, name);
    return { status: 200, body: { name } };
  }
}
