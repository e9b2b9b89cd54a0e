import { describe, expect, it } from '@jest/globals';
import { KeyedQueue } from './keyed-queue.ts';

describe('UmPorVez', () => {
  it('starts a piece only when the one before with the same key has ended, whatever became of it', async () => {
    const umPorVez = new KeyedQueue();
    const primeiro = Promise.withResolvers<void>();
    const passos: string[] = [];
    const falho = umPorVez.run('a', async () => {
      passos.push('a1');
      await primeiro.promise;
      throw new Error('lost');
    });
    const seguintes = ['a2', 'a3'].map((passo) => umPorVez.run('a', async () => passos.push(passo)));
    await umPorVez.run('b', async () => passos.push('b1'));
    expect(passos).toEqual(['a1', 'b1']);
    primeiro.resolve();
    await expect(falho).rejects.toThrow('lost');
    await Promise.all(seguintes);
    expect(passos).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('answers what the work answers', async () => {
    expect(await new KeyedQueue().run('a', async () => 7)).toBe(7);
  });
});
