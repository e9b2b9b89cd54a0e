import { InvalidSwitchError } from './faults.ts';

/** How webhooks are delivered; every field can be changed while running. */
export interface WebhookSwitches {
  /** Null: events are only recorded. */
  url: string | null;
  /** Endpoint secrets; with two, each delivery carries two signatures, as while Stripe rolls a secret. */
  secrets: string[];
  /** Event types sent; `*` for all. */
  enabledEvents: string[];
  /** Wait before the first try of each event. */
  delayMs: number;
  /** Extra copies of each event: 2 means three deliveries. */
  duplicates: number;
  /** Events are collected until `window` of them, or `withinMs` after the first, and shuffled. */
  reorder: { window: number; withinMs: number } | null;
  /** Share of events lost on purpose (0 to 1); only a redelivery brings them. */
  dropProbability: number;
  /** Deliveries in flight at once; 1 keeps the order. */
  concurrency: number;
  /** Nothing leaves while true. */
  paused: boolean;
  /** One try's deadline. */
  timeoutMs: number;
  /** First wait of the retries; it doubles up to `retryMaxMs`. */
  retryMinMs: number;
  retryMaxMs: number;
  /** An event is given up this long after its first failure. */
  giveUpAfterMs: number;
}

export const DEFAULT_SWITCHES: WebhookSwitches = {
  url: null,
  secrets: [],
  enabledEvents: ['*'],
  delayMs: 0,
  duplicates: 0,
  reorder: null,
  dropProbability: 0,
  concurrency: 1,
  paused: false,
  timeoutMs: 10_000,
  retryMinMs: 100,
  retryMaxMs: 2000,
  giveUpAfterMs: 15 * 60_000,
};

type Checks = { [K in keyof WebhookSwitches]: (value: unknown) => boolean };

const CHECKS: Checks = {
  url: (value) =>
    value === null || (typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '')),
  secrets: (value) => isTexts(value) && value.length <= 5,
  enabledEvents: isTexts,
  delayMs: (value) => isInteger(value, 0, 600_000),
  duplicates: (value) => isInteger(value, 0, 100),
  reorder: (value) => value === null || isReorder(value),
  dropProbability: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  concurrency: (value) => isInteger(value, 1, 64),
  paused: (value) => typeof value === 'boolean',
  timeoutMs: (value) => isInteger(value, 1, 120_000),
  retryMinMs: (value) => isInteger(value, 1, 600_000),
  retryMaxMs: (value) => isInteger(value, 1, 600_000),
  giveUpAfterMs: (value) => isInteger(value, 0, 86_400_000),
};

/** The switches after a partial change. Throws InvalidSwitchError and changes nothing if any field is wrong. */
export function withSwitches(current: WebhookSwitches, change: Partial<WebhookSwitches>): WebhookSwitches {
  if (typeof change !== 'object' || change === null)
    throw new InvalidSwitchError('webhooks must be an object');
  for (const [name, value] of Object.entries(change)) {
    if (!Object.hasOwn(CHECKS, name)) throw new InvalidSwitchError(`webhooks.${name} does not exist`);
    if (!CHECKS[name as keyof WebhookSwitches](value))
      throw new InvalidSwitchError(`webhooks.${name} has an invalid value`);
  }
  return { ...current, ...change };
}

function isInteger(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}

function isReorder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { window, withinMs } = value as { window?: unknown; withinMs?: unknown };
  return isInteger(window, 2, 10_000) && isInteger(withinMs, 1, 60_000);
}
