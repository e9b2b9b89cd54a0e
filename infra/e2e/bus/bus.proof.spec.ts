import { describe, expect, it } from '@jest/globals';
import { wholeNumber } from '@plataforma/testing/whole-number';
import { runSchedule } from './schedule.ts';

/** `BUS_SEEDS` says how many schedules there are, `BUS_FIRST_SEED` which is the first. */
const first = wholeNumber(process.env, 'BUS_FIRST_SEED', { default: 1, min: 1 });
const howMany = wholeNumber(process.env, 'BUS_SEEDS', { default: 1, min: 1 });

const seeds = Array.from({ length: howMany }, (_, i) => first + i);

describe('two replicas of each service, with clocks up to a minute apart', () => {
  it.each(seeds)(
    'end every booking as it has to end, to the cent, and tell it once, whatever becomes of the bus (seed %i)',
    async (seed) => {
      const { problems, blows, report } = await runSchedule(seed);
      console.log(`seed ${seed}: ${JSON.stringify(blows, null, 1)}`);
      if (problems.length > 0) console.log(report);
      expect(problems).toEqual([]);
      // What was not there was not borne.
      expect(Object.entries(blows).filter(([, times]) => times === 0)).toEqual([]);
    },
    300_000,
  );
});
