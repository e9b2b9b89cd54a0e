import type { PaymentOutcome } from './checkout/checkout.ts';
import type { Control, SwitchesChange } from './control.ts';
import { type HttpAnswer, json } from './http.ts';
import type { DisputeEnd, DisputeStart } from './money/disputes.ts';
import { StripeApiError } from './request/api-error.ts';
import { type Fault, InvalidSwitchError } from './switches/faults.ts';

/**
 * The control API: JSON, no authentication, local use only. PUT and POST say `content-type: application/json`, which a
 * form of a web page cannot.
 *
 *     GET    /_controle                       all switches, armed faults, length of the queue
 *     PUT    /_controle                       {"webhooks": {...}, "refunds": {"mode"}, "seed", "faults": [...]}
 *     POST   /_controle/faults                one fault: {"path", "method", "failure", "when", "times", ...}
 *     DELETE /_controle/faults
 *     GET    /_controle/ledger                captured and refunded per payment intent, in cents; the sessions
 *     GET    /_controle/events                every event with its delivery; ?type= &delivery=
 *     POST   /_controle/redeliver/:eventId    sends an event again, also a dropped one
 *     POST   /_controle/sessions/:id/pay      also /decline, /expire (its time has come) and /pay-later
 *     POST   /_controle/sessions/:id/settle   {"status": "succeeded" | "failed"} of the money of /pay-later
 *     POST   /_controle/refunds/:id           {"status": "succeeded" | "failed"} settles a refund
 *     POST   /_controle/intents/:id/dispute   {"status"}: needs_response (default) or warning_needs_response
 *     POST   /_controle/disputes/:id          {"status": "won" | "lost" | "warning_closed"} closes a dispute
 *     POST   /_controle/reset                 forgets all state and restores the switches of the start
 *
 * The fields are those of `WebhookSwitches` (webhook-switches.ts) and `Fault` (faults.ts).
 */
export function controlRoute(request: ControlRequest, control: Control): HttpAnswer {
  if (['PUT', 'POST'].includes(request.method) && !/^application\/json\b/i.test(request.contentType))
    return json(415, { error: { message: 'The content type must be application/json.' } });
  try {
    return (
      route(request, control) ??
      json(404, { error: { message: `${request.method} ${request.path}: no such verb` } })
    );
  } catch (error) {
    if (error instanceof StripeApiError) return json(error.status, { error: error.body });
    if (error instanceof InvalidSwitchError) return json(400, { error: { message: error.message } });
    throw error;
  }
}

export interface ControlRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  contentType: string;
}

function route({ method, path, query, body }: ControlRequest, control: Control): HttpAnswer | undefined {
  const [, , noun, id = '', verb] = path.split('/');
  switch (`${method} ${noun ?? ''}`) {
    case 'GET ':
      return json(200, control.get());
    case 'PUT ':
      control.set(objectIn<SwitchesChange>(body));
      return json(200, control.get());
    case 'POST faults':
      return json(201, control.addFault(objectIn<Partial<Fault>>(body)));
    case 'DELETE faults':
      control.clearFaults();
      return json(200, control.get());
    case 'GET ledger':
      return json(200, control.ledger());
    case 'GET events':
      return json(200, { data: control.events(Object.fromEntries(new URLSearchParams(query))) });
    case 'POST redeliver':
      control.redeliver(id);
      return json(202, { event: id });
    case 'POST sessions':
      return sessionVerb(control, id, verb, body);
    case 'POST refunds':
      return json(200, control.settleRefund(id, objectIn<{ status: 'succeeded' | 'failed' }>(body).status));
    case 'POST intents':
      return verb === 'dispute'
        ? json(201, control.dispute(id, objectIn<{ status?: DisputeStart }>(body).status))
        : undefined;
    case 'POST disputes':
      return json(200, control.closeDispute(id, objectIn<{ status: DisputeEnd }>(body).status));
    case 'POST reset':
      control.reset();
      return json(200, control.get());
    default:
      return undefined;
  }
}

function sessionVerb(
  control: Control,
  id: string,
  verb: string | undefined,
  body: string,
): HttpAnswer | undefined {
  if (verb === 'pay') return json(200, control.pay(id));
  if (verb === 'decline') return json(200, control.decline(id));
  if (verb === 'expire') return json(200, control.expireSession(id));
  if (verb === 'pay-later') return json(200, control.payLater(id));
  if (verb === 'settle')
    return json(200, control.settlePayment(id, objectIn<{ status: PaymentOutcome }>(body).status));
  return undefined;
}

/** The fields are checked where they are used; here only that it is a JSON object. */
function objectIn<T extends object>(body: string): T {
  const value = parsed(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  throw new InvalidSwitchError('the body must be a JSON object');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch (cause) {
    throw new InvalidSwitchError('the body is not valid JSON', { cause });
  }
}
