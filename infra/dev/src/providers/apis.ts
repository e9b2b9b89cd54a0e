import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { importSPKI, jwtVerify } from 'jose';
import { type KeptMessages, partsOf } from './kept-messages.ts';
import { tellStatuses } from './status-callbacks.ts';

/** What the callers of the stand-ins have to show. */
export interface ProviderKeys {
  readonly twilioAccountSid: string;
  readonly twilioAuthToken: string;
  /** Signs what becomes of messages; without it nothing is told. */
  readonly twilioWebhookToken?: string | undefined;
  /** Of the service account that may send push messages: SPKI in PEM. */
  readonly fcmPublicKey: string;
}

export interface ApiRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers a POST; undefined where there is no such path. */
export type ProviderApi = (request: ApiRequest) => Promise<ApiAnswer | undefined>;

const FORM = 'application/x-www-form-urlencoded';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_LIVES_S = 3_600;
/** Tokens that are remembered: far more than a stack asks for while they live. */
const MOST_TOKENS = 100;

const twilioError = (status: number, code: number): ApiAnswer => ({
  status,
  body: { code, message: `Error ${code}`, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

/** Messages of Twilio: a form under Basic. Every number exists, and gets what is sent to it. */
export function twilio(keys: ProviderKeys, kept: KeptMessages): ProviderApi {
  const { twilioAccountSid, twilioAuthToken, twilioWebhookToken } = keys;
  const authorization = `Basic ${Buffer.from(`${twilioAccountSid}:${twilioAuthToken}`).toString('base64')}`;
  return async ({ path, headers, body }) => {
    if (path !== `/2010-04-01/Accounts/${twilioAccountSid}/Messages.json`) return undefined;
    if (headers.authorization !== authorization) return twilioError(401, 20003);
    if (!headers['content-type']?.startsWith(FORM)) return twilioError(400, 20001);
    const form = new URLSearchParams(body);
    const [to, text] = [form.get('To') ?? '', form.get('Body') ?? ''];
    const from = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return twilioError(400, 21211);
    if (text === '' || text.length > 1_600) return twilioError(400, 21617);
    if (from === '') return twilioError(400, 21603);
    const callback = form.get('StatusCallback');
    if (callback !== null && !URL.canParse(callback)) return twilioError(400, 21609);
    const parts = partsOf(text);
    kept.add({ channel: 'SMS', at: new Date().toISOString(), from, to, title: '', text, parts });
    const sid = `SM${randomUUID().replaceAll('-', '')}`;
    if (callback !== null && twilioWebhookToken !== undefined)
      void tellStatuses({ callback, accountSid: twilioAccountSid, sid, from, to }, twilioWebhookToken);
    return { status: 201, body: { sid, status: 'queued', error_code: null, num_segments: `${parts}` } };
  };
}

/** FCM HTTP v1, and the tokens of Google that it takes. Every device exists. */
export function fcm({ fcmPublicKey }: ProviderKeys, kept: KeptMessages): ProviderApi {
  const tokens: string[] = [];
  return async ({ path, headers, body }) => {
    if (path === '/token') return token(fcmPublicKey, headers, body, tokens);
    const project = /^\/v1\/projects\/([\w-]+)\/messages:send$/.exec(path)?.[1];
    if (project === undefined) return undefined;
    if (!tokens.includes(headers.authorization?.replace(/^Bearer /, '') ?? ''))
      return fcmError(401, 'UNAUTHENTICATED');
    const message = messageOf(body);
    if (message === undefined) return fcmError(400, 'INVALID_ARGUMENT');
    const { title = '', body: text = '' } = message.notification ?? {};
    const at = new Date().toISOString();
    kept.add({ channel: 'PUSH', at, from: project, to: message.token, title, text, parts: 1 });
    return { status: 200, body: { name: `projects/${project}/messages/0:${randomUUID()}` } };
  };
}

interface FcmMessage {
  readonly token: string;
  readonly notification?: { readonly title?: string; readonly body?: string };
}

const fcmError = (code: number, status: string): ApiAnswer => ({
  status: code,
  body: { error: { code, message: status, status } },
});

function messageOf(body: string): FcmMessage | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: Partial<FcmMessage> };
    return typeof message?.token === 'string' ? (message as FcmMessage) : undefined;
  } catch {
    return undefined;
  }
}

/** For an assertion that the service account has signed (RFC 7523). */
async function token(
  publicKey: string,
  headers: IncomingHttpHeaders,
  body: string,
  tokens: string[],
): Promise<ApiAnswer> {
  const form = new URLSearchParams(body);
  if (!headers['content-type']?.startsWith(FORM) || form.get('grant_type') !== JWT_BEARER)
    return { status: 400, body: { error: 'unsupported_grant_type' } };
  try {
    const key = await importSPKI(publicKey, 'RS256');
    await jwtVerify(form.get('assertion') ?? '', key, { algorithms: ['RS256'], requiredClaims: ['exp'] });
  } catch {
    return { status: 400, body: { error: 'invalid_grant' } };
  }
  const access_token = `ya29.${randomUUID()}`;
  tokens.unshift(access_token);
  tokens.length = Math.min(tokens.length, MOST_TOKENS);
  return { status: 200, body: { access_token, expires_in: TOKEN_LIVES_S, token_type: 'Bearer' } };
}
