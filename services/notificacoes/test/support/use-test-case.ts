import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Harness, type Instance } from './harness.ts';
import { SmtpInbox } from './smtp-inbox.ts';

/** What one test works with: a customer and a reservation of its own, a mail server, a clock, copies of the service. */
export interface TestCase {
  harness: Harness;
  numero: number;
  cliente: string;
  reserva: string;
  clock: FixedClock;
  smtp: SmtpInbox;
  /** Stopped after the test. */
  instances: Instance[];
  /** Starts one more. */
  start(): Promise<Instance>;
}

/** The case of the running test, over one database and one broker for all tests of the file. */
export function useTestCase(): TestCase {
  const testCase = { numero: 0 } as TestCase;
  testCase.start = async () => {
    const instance = await testCase.harness.instance(testCase.smtp.url, testCase.clock);
    testCase.instances.push(instance);
    return instance;
  };

  beforeAll(async () => {
    testCase.harness = await Harness.start();
  });

  beforeEach(async () => {
    testCase.numero += 1;
    testCase.cliente = `cli_${testCase.numero}`;
    testCase.reserva = `res_${testCase.numero}`;
    testCase.clock = new FixedClock('2026-11-20T13:00:00Z');
    testCase.smtp = new SmtpInbox();
    testCase.instances = [];
    await testCase.smtp.start();
  });

  afterEach(async () => {
    for (const instance of testCase.instances) await instance.stop();
    await testCase.smtp.stop();
    await testCase.harness.database.dataSource.query('delete from notificacoes');
  });

  afterAll(() => testCase.harness?.stop());

  return testCase;
}
