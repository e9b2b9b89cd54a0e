import type { HttpAnswer } from '../http.ts';
import type { SessionRecord } from '../objects/session-object.ts';
import type { Store } from '../store/store.ts';
import type { Checkout } from './checkout.ts';
import { checkoutPage, shopPage, successAddress, unknownSessionPage } from './checkout-page.ts';

interface CheckoutRoutesDeps {
  store: Store;
  checkout: Checkout;
}

/** Where the shop would be. */
const BACK = /^\/c\/volta\/([\w-]{1,40})$/;
const ADDRESS = /^\/c\/pay\/([^/]+)(\/pay|\/decline)?$/;

/** `GET /c/volta/:reservaId`, `GET /c/pay/:id`, `POST /c/pay/:id/pay`, `POST /c/pay/:id/decline`; undefined for any other address. */
export function checkoutRoute(
  method: string,
  path: string,
  deps: CheckoutRoutesDeps,
): HttpAnswer | undefined {
  const back = method === 'GET' && BACK.exec(path)?.[1];
  if (back) return html(200, shopPage(back));
  const match = ADDRESS.exec(path);
  if (match === null) return undefined;
  const record = existing(match[1] ?? '', deps);
  const action = match[2];
  if (record === undefined) return html(404, unknownSessionPage());
  if (action === undefined) return method === 'GET' ? show(record, deps) : undefined;
  if (method !== 'POST') return undefined;
  return action === '/pay' ? pay(record, deps) : decline(record, deps);
}

function existing(id: string, { store, checkout }: CheckoutRoutesDeps): SessionRecord | undefined {
  checkout.expireDue();
  return store.get('session', id);
}

function show(record: SessionRecord, { store }: CheckoutRoutesDeps): HttpAnswer {
  const intentId = record.session.payment_intent as string | null;
  const intent = intentId === null ? undefined : store.get('intent', intentId);
  const status = record.session.status === 'expired' ? 410 : 200;
  return html(status, checkoutPage({ record, intent: intent ?? null }));
}

/** A second click on an already paid session leads to the same place; an expired one says so on its page. */
function pay(record: SessionRecord, { store, checkout }: CheckoutRoutesDeps): HttpAnswer {
  const { id, status } = record.session;
  if (status === 'expired') return seeOther(pageOf(record));
  if (status === 'open') store.batch(() => checkout.pay(id));
  return seeOther(successAddress(record));
}

/** Redirects to the page, which shows the refusal: reloading it does not try again. */
function decline(record: SessionRecord, { store, checkout }: CheckoutRoutesDeps): HttpAnswer {
  const { id, status } = record.session;
  if (status === 'open') store.batch(() => checkout.decline(id));
  return seeOther(pageOf(record));
}

function pageOf({ session }: SessionRecord): string {
  return `/c/pay/${session.id}`;
}

function seeOther(location: string): HttpAnswer {
  return { status: 303, headers: { location }, body: '' };
}

function html(status: number, body: string): HttpAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
