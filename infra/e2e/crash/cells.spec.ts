import { describe, expect, it } from '@jest/globals';
import { cellsOf, withoutRepetitions } from './cells.ts';

const quem = (point: string, service: 'auth' | 'reservas' = 'reservas') =>
  cellsOf('expire', service, [`after ${point}`]).map(({ victim }) => victim);

describe('what a service comes past', () => {
  it.each([
    ['publish reservas.v1.ReservaCriada', ['reservas', 'nats']],
    ['ack reservas-pagamentos pagamentos.v1.PagamentoAprovado', ['reservas', 'nats']],
    ['stripe POST /v1/refunds', ['reservas', 'stripe']],
    ['redis incr id:res', ['redis']],
  ])('%s kills itself and the server that it needs there', (point, victims) => {
    expect(quem(point)).toEqual(victims);
  });

  it('kills auth at what it keeps in Redis and at what it answers', () => {
    expect(quem('redis del sessao', 'auth')).toEqual(['auth', 'redis']);
    expect(quem('answer Login', 'auth')).toEqual(['auth']);
  });

  it('kills auth once beside it, and PostgreSQL at each commit', () => {
    const cells = cellsOf('expire', 'reservas', ['before commit a', 'after commit a', 'before commit b']);
    expect(cells.map(({ victim, when, point }) => `${victim} ${when} ${point}`)).toEqual([
      'reservas before commit a',
      'postgres before commit a',
      'auth before commit a',
      'reservas after commit a',
      'postgres after commit a',
      'reservas before commit b',
      'postgres before commit b',
    ]);
  });

  it('is no step where counters of identities are looked after', () => {
    expect([...quem('redis eval id:res'), ...quem('commit limites_de_ids')]).toEqual([]);
  });

  it('kills a server only the first time that it comes to one point', () => {
    const cells = cellsOf('expire', 'reservas', ['after publish a', 'after publish a']);
    expect(cells.map(({ victim, nth }) => [victim, nth])).toEqual([
      ['reservas', 1],
      ['nats', 1],
      ['reservas', 2],
    ]);
  });
});

describe('the cells of several scenarios', () => {
  const passa = (scenario: 'book and pay' | 'expire' | 'take an offer') =>
    cellsOf(scenario, 'reservas', ['after publish a', 'after publish a']);
  const restam = (scenario: 'expire' | 'take an offer') =>
    withoutRepetitions([...passa('book and pay'), ...passa(scenario)])
      .filter((cell) => cell.scenario === scenario)
      .map(({ victim, nth }) => [victim, nth]);

  it('show a step once, wherever else it comes', () => {
    expect(withoutRepetitions(passa('take an offer'))).toEqual(passa('take an offer'));
    expect(restam('take an offer')).toEqual([]);
  });

  it('show it again where a scenario is gone through whole, but servers die at it once', () => {
    expect(restam('expire')).toEqual([
      ['reservas', 1],
      ['reservas', 2],
    ]);
  });
});
