import { describe, expect, it } from '@jest/globals';
import { wholeNumber } from '@plataforma/testing/whole-number';
import { ensaiar } from './barramento.ts';

/** `BARRAMENTO_SEMENTES` says how many schedules there are, `BARRAMENTO_INICIO` which is the first. */
const inicio = wholeNumber(process.env, 'BARRAMENTO_INICIO', { default: 1, min: 1 });
const quantas = wholeNumber(process.env, 'BARRAMENTO_SEMENTES', { default: 1, min: 1 });

const sementes = Array.from({ length: quantas }, (_, i) => inicio + i);

describe('two replicas of each service, with clocks up to a minute apart', () => {
  it.each(sementes)(
    'end every booking as it has to end, to the cent, and tell it once, whatever becomes of the bus (seed %i)',
    async (semente) => {
      const { problemas, golpes, relato } = await ensaiar(semente);
      console.log(`seed ${semente}: ${JSON.stringify(golpes, null, 1)}`);
      if (problemas.length > 0) console.log(relato);
      expect(problemas).toEqual([]);
      // What was not there was not borne.
      expect(Object.entries(golpes).filter(([, vezes]) => vezes === 0)).toEqual([]);
    },
    300_000,
  );
});
