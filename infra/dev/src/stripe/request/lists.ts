import { invalidParam } from './api-error.ts';
import type { Params } from './params.ts';

export interface StripeList<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** Parameters that every list takes. */
export const LIST_PARAMS = ['created', 'ending_before', 'expand', 'limit', 'starting_after'];

interface Listed {
  id: string;
  created: number;
}

/**
 * One page, newest first, by Stripe's cursors: `limit` 1 to 100 (default 10), `starting_after`,
 * `ending_before`, `created` (exact or gt/gte/lt/lte). `items` come oldest first, already filtered.
 */
export function page<T extends Listed>(items: Iterable<T>, params: Params, url: string): StripeList<T> {
  const limit = params.integer('limit', { min: 1, max: 100 }) ?? 10;
  const inRange = createdFilter(params);
  const newestFirst = [...items].filter((item) => inRange(item.created)).reverse();
  const after = params.string('starting_after');
  const before = params.string('ending_before');
  if (before !== undefined) {
    const earlier = newestFirst.slice(0, positionOf(newestFirst, before, 'ending_before'));
    return { object: 'list', data: earlier.slice(-limit), has_more: earlier.length > limit, url };
  }
  const rest =
    after === undefined
      ? newestFirst
      : newestFirst.slice(positionOf(newestFirst, after, 'starting_after') + 1);
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

function positionOf(items: Listed[], id: string, param: string): number {
  const position = items.findIndex((item) => item.id === id);
  if (position === -1) throw invalidParam(`No such object: '${id}'`, param, 'resource_missing');
  return position;
}

function createdFilter(params: Params): (created: number) => boolean {
  if (!params.has('created')) return () => true;
  const exact = params.isText('created') ? params.integer('created', ANY_TIME) : undefined;
  if (exact !== undefined) return (created) => created === exact;
  const range = params.object('created');
  range.allowOnly(['gt', 'gte', 'lt', 'lte']);
  const [gt, gte, lt, lte] = ['gt', 'gte', 'lt', 'lte'].map((name) => range.integer(name, ANY_TIME));
  return (created) =>
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte);
}

const ANY_TIME = { max: Number.MAX_SAFE_INTEGER };
