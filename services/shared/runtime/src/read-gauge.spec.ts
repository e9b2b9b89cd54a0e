import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { readGauge, readGaugeByLabel } from './read-gauge.ts';

const away = () => Promise.reject(new Error('connect ECONNREFUSED'));

describe('readGauge', () => {
  it('is read at each scrape', async () => {
    const registry = new Registry();
    let value = 3;
    readGauge(registry, { name: 'parados', help: 'Stuck.', read: async () => value });
    expect(await registry.metrics()).toContain('parados 3');
    value = 4;
    expect(await registry.metrics()).toContain('parados 4');
  });

  it('is NaN, and leaves the other metrics alone, when it cannot be read', async () => {
    const registry = new Registry();
    readGauge(registry, { name: 'parados', help: 'Stuck.', read: away });
    readGauge(registry, { name: 'vivos', help: 'Alive.', read: async () => 1 });
    const text = await registry.metrics();
    expect(text).toContain('parados Nan');
    expect(text).toContain('vivos 1');
  });
});

describe('readGaugeByLabel', () => {
  it('has a series for each word that was read last', async () => {
    const registry = new Registry();
    const answers = [{ PENDENTE: 2, ESTACIONADO: 1 }, { PENDENTE: 0 }];
    readGaugeByLabel(registry, {
      name: 'fila',
      help: 'Queue.',
      label: 'estado',
      read: async () => answers.shift() ?? {},
    });
    expect(await registry.metrics()).toMatch(/fila\{estado="PENDENTE"\} 2\nfila\{estado="ESTACIONADO"\} 1/);
    const second = await registry.metrics();
    expect(second).toContain('fila{estado="PENDENTE"} 0');
    expect(second).not.toContain('ESTACIONADO');
  });

  it('has no series when it cannot be read', async () => {
    const registry = new Registry();
    readGaugeByLabel(registry, { name: 'fila', help: 'Queue.', label: 'estado', read: away });
    expect(await registry.metrics()).not.toMatch(/^fila\{/m);
  });
});
