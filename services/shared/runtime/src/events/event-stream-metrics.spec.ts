import { beforeEach, describe, expect, it } from '@jest/globals';
import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { Registry } from 'prom-client';
import { createEventMetrics } from './event-metrics.ts';
import { createStreamMetrics } from './event-stream-metrics.ts';

interface Stream {
  readonly bytes: number;
  readonly max_bytes: number;
  readonly subjects?: Record<string, number>;
}

describe('the gauges of the streams', () => {
  let registry: Registry;
  let streams: Record<string, Stream>;
  let failure: Error | undefined;

  beforeEach(() => {
    registry = new Registry();
    failure = undefined;
    const info = async (name: string, options?: { readonly subjects_filter: string }) => {
      if (failure) throw failure;
      const stream = streams[name];
      if (!stream) throw new JetStreamApiError({ code: 404, err_code: 10_059, description: 'no' });
      const { bytes, max_bytes, subjects = {} } = stream;
      const prefix = options?.subjects_filter.slice(0, -1) ?? '';
      const asked = Object.entries(subjects).filter(([subject]) => subject.startsWith(prefix));
      return { state: { bytes, subjects: Object.fromEntries(asked) }, config: { max_bytes } };
    };
    createStreamMetrics(registry, {
      streams: () => ['A', 'B', 'FALTA'],
      consumers: () => ['eco', 'outro'],
      manager: async () => ({ streams: { info } }) as unknown as JetStreamManager,
    });
  });

  async function values(name: string): Promise<[unknown, number][]> {
    const metric = await registry.getSingleMetric(name)?.get();
    return (metric?.values ?? []).map(({ labels, value }) => [Object.values(labels)[0], value]);
  }

  it('tell the size and the limit of each that is there', async () => {
    streams = { A: { bytes: 5, max_bytes: 10 }, B: { bytes: 0, max_bytes: -1 } };
    expect(await values('eventos_stream_bytes')).toEqual([
      ['A', 5],
      ['B', 0],
    ]);
    expect(await values('eventos_stream_limite_bytes')).toEqual([
      ['A', 10],
      ['B', Number.POSITIVE_INFINITY],
    ]);
  });

  it('tell the dead letters of each consumer', async () => {
    const subjects = { 'dlq.eco.a': 2, 'dlq.eco.b': 3, 'dlq.mais.a': 7 };
    streams = { DLQ: { bytes: 1, max_bytes: 1, subjects } };
    expect(await values('eventos_dead_letters')).toEqual([
      ['eco', 5],
      ['outro', 0],
    ]);
  });

  it('tell of no dead letters where their stream was never declared', async () => {
    streams = {};
    expect(await values('eventos_dead_letters')).toEqual([
      ['eco', 0],
      ['outro', 0],
    ]);
  });

  it('are missing while the server does not answer', async () => {
    failure = new Error('timeout');
    await expect(values('eventos_stream_bytes')).rejects.toThrow('timeout');
  });
});

describe('the metrics of consumers', () => {
  it('count every delivery, and time those that somebody handled', async () => {
    const registry = new Registry();
    const metrics = createEventMetrics(registry);
    metrics.consumed('eco', 'teste.v1.Fato', 'ok', 0.5);
    metrics.consumed('eco', 'outros', 'ignored', 0.5);
    expect((await registry.getSingleMetric('eventos_consumidos_total')?.get())?.values).toEqual([
      { labels: { consumidor: 'eco', assunto: 'teste.v1.Fato', resultado: 'ok' }, value: 1 },
      { labels: { consumidor: 'eco', assunto: 'outros', resultado: 'ignored' }, value: 1 },
    ]);
    const timed = await registry.getSingleMetricAsString('eventos_consumo_segundos');
    expect(timed).toContain('eventos_consumo_segundos_count{consumidor="eco",assunto="teste.v1.Fato"} 1');
    expect(timed).not.toContain('outros');
  });
});
