import { describe, expect, it } from '@jest/globals';
import { Gauge, Registry } from 'prom-client';
import { createMetrics, exposition } from './metrics.ts';

describe('createMetrics', () => {
  it('counts and times a call, from a cached read to one that ran into its deadline', async () => {
    const { registry, observeRpc } = createMetrics('teste');
    observeRpc('teste.v1.EcoService', 'Ler', 'ok', 0.003);
    const labels = { service: 'teste.v1.EcoService', method: 'Ler', code: 'ok' };
    expect(await registry.getSingleMetric('rpc_server_requests_total')?.get()).toMatchObject({
      values: [{ labels, value: 1 }],
    });
    const text = await registry.getSingleMetricAsString('rpc_server_duration_seconds');
    const buckets = [...text.matchAll(/le="([^"]+)".*\} (\d)/g)].map(([, le, count]) => [le, count]);
    const above = [
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.1',
      '0.25',
      '0.5',
      '1',
      '2.5',
      '5',
      '10',
      '30',
      '+Inf',
    ];
    expect(buckets).toEqual([['0.002', '0'], ...above.map((le) => [le, '1'])]);
  });
});

describe('exposition', () => {
  it('tells every metric but those that cannot be read', async () => {
    const registry = new Registry();
    new Gauge({ name: 'a', help: 'x', registers: [registry] }).set(7);
    const collect = () => Promise.reject(new Error('connection refused'));
    new Gauge({ name: 'b', help: 'x', registers: [registry], collect });
    expect(await exposition(registry)).toBe('# HELP a x\n# TYPE a gauge\na 7\n\n# b could not be read\n');
  });
});
