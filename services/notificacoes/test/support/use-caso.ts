import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Harness, type Instancia } from './harness.ts';
import { SmtpInbox } from './smtp-inbox.ts';

/** What one test works with: a customer and a reservation of its own, a mail server, a clock, copies of the service. */
interface Caso {
  harness: Harness;
  numero: number;
  cliente: string;
  reserva: string;
  clock: FixedClock;
  smtp: SmtpInbox;
  /** Stopped after the test. */
  instancias: Instancia[];
  /** Starts one more. */
  iniciar(): Promise<Instancia>;
}

/** The case of the running test, over one database and one broker for all tests of the file. */
export function useCaso(): Caso {
  const caso = { numero: 0 } as Caso;
  caso.iniciar = async () => {
    const instancia = await caso.harness.instancia(caso.smtp.url, caso.clock);
    caso.instancias.push(instancia);
    return instancia;
  };

  beforeAll(async () => {
    caso.harness = await Harness.start();
  });

  beforeEach(async () => {
    caso.numero += 1;
    caso.cliente = `cli_${caso.numero}`;
    caso.reserva = `res_${caso.numero}`;
    caso.clock = new FixedClock('2026-11-20T13:00:00Z');
    caso.smtp = new SmtpInbox();
    caso.instancias = [];
    await caso.smtp.start();
  });

  afterEach(async () => {
    for (const instancia of caso.instancias) await instancia.stop();
    await caso.smtp.stop();
    await caso.harness.database.dataSource.query('delete from notificacoes');
  });

  afterAll(() => caso.harness?.stop());

  return caso;
}
