import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@plataforma/dev/stripe/switches/faults';
import { compareTotals } from '../books/comparison.ts';
import { readTotals } from '../books/read-books.ts';
import { type Rig, setUpRig } from './rig.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { type RunEnd, Torturer } from './torturer.ts';

let rig: Rig;
let torturer: Torturer;
const quietRuns = new Map<string, RunEnd>();

beforeAll(async () => {
  rig = await setUpRig();
  torturer = new Torturer(rig);
}, 60_000);

beforeEach(() => rig.stripe.clearFaults());

afterAll(() => rig?.tearDown());

type Call = readonly [name: string, scenario: string, path: Pick<Fault, 'method' | 'path'>];

/** Each call of pagamentos to Stripe, and a booking that makes it. */
const CALLS: readonly Call[] = [
  ['open a checkout', 'pays', { method: 'POST', path: '/v1/checkout/sessions' }],
  ['ask how a checkout stands', 'pays', { method: 'GET', path: '/v1/checkout/sessions/*' }],
  ['close a checkout', 'never pays', { method: 'POST', path: '/v1/checkout/sessions/*/expire' }],
  ['refund', 'cancels late, for half', { method: 'POST', path: '/v1/refunds' }],
  ['ask how a refund stands', 'cancels in time', { method: 'GET', path: '/v1/refunds/*' }],
  [
    'refund the card when credit paid a part',
    'pays a part by credit, then cancels late, for half',
    { method: 'POST', path: '/v1/refunds' },
  ],
  ['list refunds', 'cancels in time', { method: 'GET', path: '/v1/refunds' }],
];

const FAULTS: ReadonlyArray<readonly [string, Partial<Fault>]> = [
  ['answers 500 before it did anything', { failure: 'error' }],
  ['answers 500 although it did it', { failure: 'error', when: 'after' }],
  ['answers 429 with Retry-After', { failure: 'rate_limit' }],
  ['cuts the connection before it did anything', { failure: 'cut' }],
  ['cuts the connection after it did it', { failure: 'cut', when: 'after' }],
  ['cuts the connection in the middle of its answer', { failure: 'torn' }],
];

/** Of calls that change something; what is only read has no key. */
const WRITE_FAULTS: typeof FAULTS = [
  ['answers 500 for a day, having done nothing', { failure: 'error', sticky: true, times: 1 }],
  ['answers 500 for a day, having done it', { failure: 'error', sticky: true, when: 'after', times: 1 }],
  ['does not answer in time, having done it', { failure: 'timeout', when: 'after', times: 1 }],
];

const CASES = CALLS.flatMap(([call, scenario, target]) =>
  [...FAULTS, ...(target.method === 'POST' ? WRITE_FAULTS : [])].map(
    ([how, fault]) => [call, how, scenario, { times: 2, ...target, ...fault }] as const,
  ),
);

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no scenario "${name}"`);
  return found;
}

async function quiet(scenario: string): Promise<RunEnd> {
  const known = quietRuns.get(scenario);
  if (known) return known;
  const found = scenarioNamed(scenario);
  const run = await torturer.run(found, undefined);
  const { end, problems } = run;
  expect({ end, problems }).toEqual({ end: found.end, problems: [] });
  quietRuns.set(scenario, run);
  return run;
}

describe('Stripe, when asked to', () => {
  it.each(CASES)(
    '%s, %s: nothing is charged or given back twice, and the booking ends as if it had not',
    async (_call, _how, scenario, fault) => {
      const { state } = await quiet(scenario);
      const given = scenarioNamed(scenario);
      const before: Scenario['before'] = async (...stage) => {
        await given.before?.(...stage);
        rig.stripe.addFault(fault);
      };
      // Without a webhook that tells what became of the call: the worst case.
      const end = await torturer.run({ ...given, before }, undefined, { deaf: true });
      expect(end).toMatchObject({ state, problems: [] });
      // A fault that nobody ran into proves nothing.
      expect(rig.stripe.get().faults).not.toMatchObject([{ times: fault.times }]);
    },
    60_000,
  );
});

it('all of them together: the books add up', async () => {
  expect(compareTotals(await readTotals(rig))).toEqual([]);
});
