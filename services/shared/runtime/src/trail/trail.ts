/*
 * Room `trail`: who began what is being done, and by which request. It goes along with the work, through calls of other services,
 * events, and rows that wait, so that each event can say so, whether or not there is telemetry.
 *
 * The chain of interceptors begins one for each call, a plain route for each request, a worker for each item. A consumer goes on
 * with that of its event. The outbox writes it beside the event, in the names of CloudEvents' extensions for it. There are
 * identities in it and nothing else of people.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What kinds of actors there are, in the words of CloudEvents' extension `authcontext`. */
const ACTORS = ['app_user', 'service_account', 'api_key', 'system', 'unauthenticated', 'unknown'] as const;

/** Somebody with an account, a service or another system, an integrator, a worker, a caller without a token, or it is not known. */
export type ActorType = (typeof ACTORS)[number];

/** Who began it. */
export interface Actor {
  readonly type: ActorType;
  /** An identity, or the name of a service or worker; missing where nobody is known. */
  readonly id?: string;
}

/** Who began what is being done, and by what. */
export interface Trail {
  readonly actor: Actor;
  /** The request it began with; of what no request began, the item of work. The same in all that follows. */
  readonly correlationId: string;
  /** The event that it follows from at once; missing where it follows from none. */
  readonly causationId?: string;
}

/** A trail as events and rows carry it. */
export type TrailHeaders = Readonly<Record<string, string>>;

/** Names of CloudEvents, of the extensions `authcontext` and `correlation`. */
const AUTH_TYPE = 'ce-authtype';
const AUTH_ID = 'ce-authid';
const CORRELATION_ID = 'ce-correlationid';
const CAUSATION_ID = 'ce-causationid';

const trails = new AsyncLocalStorage<Trail>();

/** Does the work as part of this trail. */
export function onTrail<T>(trail: Trail, work: () => T): T {
  return trails.run(trail, work);
}

/** Does the work on the trail that it is on already, by somebody who is known by now. */
export function actingAs<T>(actor: Actor, work: () => T): T {
  const { correlationId, ...rest } = currentTrail() ?? newTrail(actor);
  return trails.run({ ...rest, correlationId, actor }, work);
}

/** The trail of the work under way; undefined where nothing has begun one. */
export function currentTrail(): Trail | undefined {
  return trails.getStore();
}

/** A trail that begins here. */
export function newTrail(actor: Actor, correlationId: string = randomUUID()): Trail {
  return { actor, correlationId };
}

/** A trail to be kept in a row, or sent. */
export function trailHeaders({ actor, correlationId, causationId }: Trail): TrailHeaders {
  return {
    [AUTH_TYPE]: actor.type,
    ...(actor.id && { [AUTH_ID]: actor.id }),
    [CORRELATION_ID]: correlationId,
    ...(causationId && { [CAUSATION_ID]: causationId }),
  };
}

/** The trail that was kept; undefined where there is none, as in what releases have written that kept none. */
export function trailOf(headers: TrailHeaders | null | undefined): Trail | undefined {
  const correlationId = headers?.[CORRELATION_ID];
  if (!correlationId) return undefined;
  const id = headers[AUTH_ID];
  const causationId = headers[CAUSATION_ID];
  const type = ACTORS.find((known) => known === headers[AUTH_TYPE]) ?? 'unknown';
  return { actor: { type, ...(id && { id }) }, correlationId, ...(causationId && { causationId }) };
}
