import { describe, expect, it } from '@jest/globals';
import { Vez } from './vez.ts';

const NINGUEM: ReadonlySet<string> = new Set();

function vezEm(inicio = 0) {
  const relogio = { agora: inicio };
  return { relogio, vez: new Vez(() => relogio.agora) };
}

describe('Vez', () => {
  it('names those it was told of in their order, each once, and all when it is time', () => {
    const { relogio, vez } = vezEm();
    expect(vez.proximos(10, NINGUEM)).toBe('TODOS');
    vez.olhouTodos(false);
    vez.avisar(['b', 'a', 'b']);
    vez.avisar(['c']);
    expect(vez.proximos(2, NINGUEM)).toEqual(['b', 'a']);
    expect(vez.proximos(2, NINGUEM)).toEqual(['c']);
    expect(vez.proximos(2, NINGUEM)).toEqual([]);
    relogio.agora = 900;
    vez.avisar(['d']);
    expect(vez.proximos(2, NINGUEM)).toBe('TODOS');
    vez.olhouTodos(false);
    expect(vez.proximos(2, NINGUEM)).toEqual(['d']);
  });

  it('keeps the turn of those that are worked on', () => {
    const { vez } = vezEm();
    vez.olhouTodos(false);
    vez.avisar(['a', 'b']);
    expect(vez.proximos(10, new Set(['a']))).toEqual(['b']);
    expect([vez.tem, vez.proximos(10, NINGUEM)]).toEqual([true, ['a']]);
    expect(vez.tem).toBe(false);
  });

  it('has all looked at again when there was no room, and not at each place that becomes free while others are named', () => {
    const { relogio, vez } = vezEm();
    vez.olhouTodos(true);
    expect([vez.tem, vez.proximos(1, NINGUEM)]).toEqual([true, 'TODOS']);
    vez.avisar(['a']);
    expect(vez.proximos(1, NINGUEM)).toEqual(['a']);
    vez.avisar(['b']);
    relogio.agora = 100;
    expect(vez.proximos(1, NINGUEM)).toBe('TODOS');
  });

  it('has all looked at when more are named than it keeps', () => {
    const { vez } = vezEm();
    vez.olhouTodos(false);
    vez.avisar(Array.from({ length: 10_001 }, (_, n) => `${n}`));
    expect(vez.proximos(10_001, NINGUEM)).toHaveLength(10_000);
    expect(vez.proximos(10_001, NINGUEM)).toBe('TODOS');
  });
});
