import { type Answer, type ProviderRequest, StandIn } from '@plataforma/testing/providers/stand-in';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import { ofApps, ofEmail, ofSms, type ProviderKeys } from './apis.ts';
import { type KeptMessage, ofWebPush } from './kept-message.ts';
import { browserPage, inboxPage } from './page.ts';
import { Telephones } from './telephones.ts';

/** Where the stand-ins are, and what is known to them. */
export interface ProvidersOptions extends ProviderKeys {
  readonly port: number;
  /** What browsers subscribe with: point of P-256 in base64url. */
  readonly webPushPublicKey: string;
}

const SHOWN = 500;

/**
 * All providers on one port of this machine, and what they were given: `/` for people, who answer SMS there,
 * `/messages` as JSON.
 */
export class Providers extends StandIn<KeptMessage> {
  readonly #webPush: WebPushStandIn;
  readonly #apis: readonly Pick<StandIn<never>, 'respond'>[];
  readonly #webPushKey: string;
  readonly #telephones: Telephones;

  constructor({ port, webPushPublicKey, ...keys }: ProvidersOptions) {
    super();
    const url = `http://127.0.0.1:${port}`;
    const keep = this.take.bind(this);
    this.#webPushKey = webPushPublicKey;
    this.#telephones = new Telephones(keys.twilioWebhookToken);
    this.#webPush = new WebPushStandIn({
      url,
      onTaken: (message, id) => keep(ofWebPush(message), id),
    });
    this.#apis = [
      ...ofEmail(keys, keep),
      ...ofSms(keys, keep, this.#telephones),
      ...[ofApps(keys, url, keep), this.#webPush],
    ];
  }

  async respond(request: ProviderRequest): Promise<Answer | undefined> {
    const own = this.#own(`${request.method} ${request.path}`);
    if (own !== undefined) return own;
    if (request.method === 'POST' && request.path === '/answers') return this.#answered(request.bytes);
    for (const api of this.#apis) {
      const answer = await api.respond(request);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Back to the page, which the form is on. */
  async #answered(form: Buffer): Promise<Answer> {
    const fields = new URLSearchParams(form.toString('utf8'));
    const told = await this.#telephones.answer(fields.get('From') ?? '', fields.get('Body') ?? '');
    return told ? { status: 303, headers: { location: '/' } } : { status: 404 };
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

const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});
