import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { Ciclo } from '../ciclo-fixture.ts';
import { NOW } from '../reservas-fixture.ts';
import { Fila } from './fila-fixture.ts';

/**
 * Two who change something at the same time: the first is stopped at a statement, the second one comes, and is let through
 * or kept waiting. Opens and closes the database of a spec file, and lets go whom a failed test has left stopped.
 */
export function twoAtOnce(onOpen: (ciclo: Ciclo, fila: Fila) => void) {
  let ciclo: Ciclo;
  let barrier: Barrier | undefined;

  beforeAll(async () => {
    ciclo = await Ciclo.open();
    onOpen(ciclo, new Fila(ciclo));
  });
  afterAll(() => ciclo.close());
  beforeEach(() => ciclo.clock.set(NOW));
  afterEach(() => barrier?.open());

  return {
    /** Stops the next one who comes to the statement. */
    stop(statement: RegExp): Barrier {
      barrier = stopAt(statement);
      return barrier;
    },
    passed: (work: Promise<unknown>) => doneOrBlocked(ciclo.dataSource, work),
  };
}
