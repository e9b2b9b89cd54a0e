import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { pino } from 'pino';
import { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import type { Passada } from '../application/enviar-notificacoes.ts';
import { RemetenteWorker } from './remetente-worker.ts';

const NADA: Passada = { tomadas: 0, indisponivel: undefined };

describe('RemetenteWorker', () => {
  let worker: RemetenteWorker;

  afterEach(async () => {
    await worker.stop();
    jest.useRealTimers();
  });

  /** A worker whose passes end as given, then find nothing; and the log of its troubles. */
  function comPassadas(...desfechos: Array<Passada | Error>) {
    const feito = { passadas: 0, fechado: 0, log: [] as string[] };
    const stream = { write: (line: string) => void feito.log.push(JSON.parse(line).msg) };
    worker = new RemetenteWorker({
      envio: {
        async execute() {
          feito.passadas += 1;
          const desfecho = desfechos.shift() ?? NADA;
          if (desfecho instanceof Error) throw desfecho;
          return desfecho;
        },
      },
      logger: pino({ level: 'info' }, stream),
      close: () => {
        feito.fechado += 1;
      },
    });
    return feito;
  }

  it('looks at once, not at the next poll, when it is woken', async () => {
    const feito = comPassadas();
    await worker.start();
    const inicio = performance.now();
    for (let vez = 1; vez <= 4; vez++) {
      await eventually(() => expect(feito.passadas).toBe(vez), { intervalMs: 1 });
      worker.wake();
    }
    expect(performance.now() - inicio).toBeLessThan(1_000);
  });

  it('goes on at once while there is something to send', async () => {
    const cheia = { tomadas: 5, indisponivel: undefined };
    const feito = comPassadas(cheia, cheia, cheia);
    await worker.start();
    await eventually(() => expect(feito.passadas).toBe(4), { timeoutMs: 900 });
  });

  it('rests after a pass that took all there was', async () => {
    const feito = comPassadas({ tomadas: 4, indisponivel: undefined });
    await worker.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(feito.passadas).toBe(1);
    worker.wake();
    await eventually(() => expect(feito.passadas).toBe(2), { timeoutMs: 900 });
  });

  it('looks by itself when nobody wakes it', async () => {
    const feito = comPassadas();
    await worker.start();
    await eventually(() => expect(feito.passadas).toBeGreaterThan(1), { timeoutMs: 3_000 });
  });

  it('says once that something is missing, and when it is back', async () => {
    const feito = comPassadas(new Error('no database'), NADA);
    await worker.start();
    await eventually(
      () => expect(feito.log).toEqual(['messages cannot be sent now, trying on', 'sending again']),
      {
        timeoutMs: 4_000,
      },
    );
  });

  it('looks after ten seconds at the latest, however often something was missing, and no sooner when woken', async () => {
    jest.useFakeTimers();
    const feito = comPassadas(...Array.from({ length: 8 }, () => new Error('no database')));
    await worker.start();
    const pausas = [];
    for (let vez = 1; vez < 8; vez++) {
      const antes = Date.now();
      worker.wake();
      while (feito.passadas === vez) await jest.advanceTimersByTimeAsync(100);
      pausas.push(Date.now() - antes);
    }
    expect(pausas).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('does not take an empty queue for a provider that is back', async () => {
    const fora = new FalhaDeEnvioError('INDISPONIVEL', 'SMTP ESOCKET CONN');
    const feito = comPassadas({ tomadas: 1, indisponivel: fora }, NADA, {
      tomadas: 1,
      indisponivel: undefined,
    });
    await worker.start();
    await eventually(() => expect(feito.passadas).toBe(2), { timeoutMs: 4_000 });
    expect(feito.log).toEqual(['messages cannot be sent now, trying on']);
    await eventually(() => expect(feito.log).toHaveLength(2), { timeoutMs: 4_000 });
    expect(feito.passadas).toBeGreaterThanOrEqual(3);
  });

  it('closes the connections once it has stopped', async () => {
    const feito = comPassadas();
    await worker.start();
    await worker.stop();
    expect(feito.fechado).toBe(1);
  });
});
