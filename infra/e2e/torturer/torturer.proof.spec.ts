import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareTotals } from '../books/comparison.ts';
import { readTotals } from '../books/read-books.ts';
import { Encounters } from './encounters.ts';
import { type Rig, setUpRig } from './rig.ts';
import { SCENARIOS } from './scenarios.ts';
import { askedSeeds, seedsOf } from './seeds.ts';
import { Torturer } from './torturer.ts';

const asked = askedSeeds();
const LIMIT_MS = 60_000 + asked.minimum * 30_000 + (asked.seconds * 1000) / SCENARIOS.length;

let rig: Rig;
let torturer: Torturer;
/** What all schedules have met, and how many there were of each scenario. */
const total = new Encounters();
const runs = new Map<string, number>();

beforeAll(async () => {
  rig = await setUpRig();
  torturer = new Torturer(rig);
}, 60_000);

afterAll(() => rig?.tearDown());

describe.each(SCENARIOS)('a customer who $name', (scenario) => {
  it(
    'ends as in the quiet run, to the cent, whatever becomes of the messages',
    async () => {
      const { end, ...quiet } = await torturer.run(scenario, undefined);
      expect({ end, problems: quiet.problems }).toEqual({ end: scenario.end, problems: [] });
      for (const seed of seedsOf(asked, SCENARIOS.length)) {
        const { state, problems, steps, encounters } = await torturer.run(scenario, seed);
        total.add(encounters);
        runs.set(scenario.name, (runs.get(scenario.name) ?? 0) + 1);
        try {
          expect({ seed, state, problems }).toEqual({ seed, state: quiet.state, problems: [] });
        } catch (error) {
          console.log(`seed ${seed}, step by step:\n${steps.join('\n')}`);
          throw error;
        }
      }
    },
    LIMIT_MS,
  );
});

describe('all of them together', () => {
  it('leave books that add up', async () => {
    expect(compareTotals(await readTotals(rig))).toEqual([]);
  });

  it('met every kind of disorder, often enough', () => {
    const perScenario = [...runs.values()];
    const howMany = perScenario.reduce((sum, times) => sum + times, 0);
    const each = `${Math.min(...perScenario)} to ${Math.max(...perScenario)}`;
    console.log(`${howMany} schedules, from seed ${asked.first} on ${each} of each scenario, met\n${total}`);
    expect([...runs.keys()]).toEqual(SCENARIOS.map(({ name }) => name));
    expect(total.tooRare(howMany)).toEqual([]);
  });
});
