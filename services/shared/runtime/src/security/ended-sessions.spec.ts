import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../rpc/principal.ts';
import { ALL_GENERATIONS, EndedSessions, refusingEnded } from './ended-sessions.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const em = (seconds: number) => new Date(NOW + seconds * 1_000);

const caller = (changes: Partial<Principal> = {}): Principal => ({
  ...{ id: 'cli_1', tipo: 'USUARIO', papeis: [], geracao: 1, sessaoId: 's1', emitidoEm: em(0), token: 't' },
  ...changes,
});

describe('ended sessions', () => {
  it('are those of earlier generations of an account, and no others', () => {
    const ended = new EndedSessions();
    ended.noteAccount('cli_1', 3, em(1));
    const over = [1, 2, 3, 4].map((geracao) => ended.has(caller({ geracao })));
    expect(over).toEqual([true, true, false, false]);
    expect(ended.has(caller({ id: 'cli_2' }))).toBe(false);
    ended.noteAccount('cli_1', ALL_GENERATIONS, em(2));
    expect(ended.has(caller({ geracao: 1_000_000 }))).toBe(true);
  });

  it('stay ended when older news come later', () => {
    const ended = new EndedSessions();
    ended.noteAccount('cli_1', 3, em(600));
    ended.noteAccount('cli_1', 2, em(0));
    expect(ended.has(caller({ geracao: 2 }))).toBe(true);
    ended.forget(em(600 + 1_199).getTime());
    expect(ended.has(caller({ geracao: 2 }))).toBe(true);
  });

  it('are single ones, too', () => {
    const ended = new EndedSessions();
    ended.noteSession('s1', em(1));
    expect(ended.has(caller())).toBe(true);
    const { sessaoId: _, ...without } = caller();
    for (const other of [caller({ sessaoId: 's2' }), without]) expect(ended.has(other)).toBe(false);
  });

  it('are never those of a service, which has none', () => {
    const ended = new EndedSessions({ maxEntries: 1 });
    ended.noteAccount('reservas', 2, em(1));
    ended.noteAccount('cli_9', 2, em(2));
    expect(ended.has(caller({ id: 'reservas', tipo: 'SERVICO' }))).toBe(false);
  });

  it('are forgotten twenty minutes after their end, when no token of theirs is alive', () => {
    const ended = new EndedSessions();
    ended.noteAccount('cli_1', 2, em(0));
    ended.noteSession('s2', em(0));
    ended.forget(em(1_200).getTime());
    expect(ended.size).toBe(2);
    ended.forget(em(1_201).getTime());
    expect(ended.size).toBe(0);
  });

  it.each([
    ['accounts', (ended: EndedSessions, n: number) => ended.noteAccount(`cli_${n}`, 2, em(n * 100))],
    ['sessions', (ended: EndedSessions, n: number) => ended.noteSession(`s${n}`, em(n * 100))],
  ])('take no more room than there is, and let no token of forgotten %s in', (_, note) => {
    const ended = new EndedSessions({ maxEntries: 3 });
    for (let n = 1; n <= 5; n += 1) note(ended, n);
    expect(ended.size).toBe(3);
    const of = (n: number, seconds: number) =>
      caller({ id: `cli_${n}`, sessaoId: `s${n}`, emitidoEm: em(seconds) });
    // Those that are forgotten, with every token that was issued until a little after the last of their ends.
    for (const token of [of(1, 99), of(2, 199), of(7, 215)]) expect(ended.has(token)).toBe(true);
    // A token that was issued after that is judged by what is known.
    expect([of(7, 216), of(3, 216), of(5, 216)].map((token) => ended.has(token))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('keep what was heard last when there is no room', () => {
    const ended = new EndedSessions({ maxEntries: 2 });
    ended.noteAccount('cli_1', 2, em(0));
    ended.noteAccount('cli_2', 2, em(0));
    ended.noteAccount('cli_1', 3, em(0));
    ended.noteAccount('cli_3', 2, em(0));
    expect(ended.has(caller({ geracao: 2, emitidoEm: em(100) }))).toBe(true);
    expect(ended.has(caller({ id: 'cli_2', emitidoEm: em(100) }))).toBe(false);
  });

  it('are refused by whoever verifies tokens, all others taken as before', async () => {
    const ended = new EndedSessions();
    const verifier = refusingEnded({ verify: async () => caller() }, ended);
    expect(await verifier.verify('t')).toEqual(caller());
    ended.noteSession('s1', em(1));
    await expect(verifier.verify('t')).rejects.toThrow('Sua sessão terminou');
    const failing = refusingEnded({ verify: () => Promise.reject(new Error('expired')) }, ended);
    await expect(failing.verify('t')).rejects.toThrow('expired');
  });
});
