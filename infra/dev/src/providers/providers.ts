import { FcmStandIn } from '@plataforma/testing/providers/fcm';
import type { Answer, ProviderRequest } from '@plataforma/testing/providers/stand-in';
import { StandIn } from '@plataforma/testing/providers/stand-in';
import { type TwilioMessage, TwilioStandIn } from '@plataforma/testing/providers/twilio';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import { type KeptMessage, ofFcm, ofTwilio, ofWebPush } from './kept-message.ts';
import { browserPage, inboxPage } from './page.ts';
import { tellStatuses } from './status-callbacks.ts';

/** What the callers of the stand-ins have to show, and where these are. */
export interface ProviderKeys {
  readonly port: number;
  readonly twilioAuthToken: string;
  /** Signs what becomes of messages; without it nothing is told. */
  readonly twilioWebhookToken?: string | undefined;
  /** Of the service account that may send push messages: SPKI in PEM. */
  readonly fcmPublicKey: string;
  /** What browsers subscribe with: point of P-256 in base64url. */
  readonly webPushPublicKey: string;
}

/** Who has a number, or an app, that ends so is out of reach. */
const UNREACHABLE = '0000';
const SHOWN = 500;

/**
 * All providers of SMS and push messages on one port of this machine, and what they were given: `/` for people, `/messages` as JSON. Every
 * number exists and every app is installed, but those that end in 0000.
 */
export class Providers extends StandIn<KeptMessage> {
  readonly #webPush: WebPushStandIn;
  readonly #apis: readonly Pick<StandIn<never>, 'respond'>[];
  readonly #webPushKey: string;

  constructor({ port, twilioAuthToken, twilioWebhookToken, fcmPublicKey, webPushPublicKey }: ProviderKeys) {
    super();
    const url = `http://127.0.0.1:${port}`;
    this.#webPushKey = webPushPublicKey;
    this.#webPush = new WebPushStandIn({
      url,
      onTaken: (message, id) => this.take(ofWebPush(message), id),
    });
    this.#apis = [
      new TwilioStandIn({
        key: twilioAuthToken,
        onTaken: (message, sid) => {
          this.take(ofTwilio(message), sid);
          if (twilioWebhookToken !== undefined) tellOf(message, sid, twilioWebhookToken);
        },
      }),
      new FcmStandIn({
        ...{ url, publicKey: fcmPublicKey, hasApp: (token) => !token.endsWith(UNREACHABLE) },
        onTaken: (message, name) => this.take(ofFcm(message), name),
      }),
      this.#webPush,
    ];
  }

  async respond(request: ProviderRequest): Promise<Answer | undefined> {
    const own = this.#own(`${request.method} ${request.path}`);
    if (own !== undefined) return own;
    for (const api of this.#apis) {
      const answer = await api.respond(request);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Newest first. */
  get #shown(): KeptMessage[] {
    return this.received.slice(-SHOWN).reverse();
  }

  #own(call: string): Answer | undefined {
    switch (call) {
      case 'GET /':
        return html(200, inboxPage(this.#shown));
      case 'POST /':
        return html(201, browserPage(this.#webPush.subscribe(this.#webPushKey)));
      case 'GET /messages':
        return { status: 200, body: this.#shown };
      case 'DELETE /messages':
        this.received.length = 0;
        return { status: 200, body: [] };
      default:
        return undefined;
    }
  }
}

function tellOf(message: TwilioMessage, sid: string, authToken: string): void {
  const { StatusCallback: callback, To: to, From, MessagingServiceSid } = message;
  if (callback === undefined) return;
  const reached = !to.endsWith(UNREACHABLE);
  void tellStatuses({ callback, sid, from: From ?? MessagingServiceSid ?? '', to, reached }, authToken);
}

const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});
