import { expect, it } from '@jest/globals';
import { ConcurrencyError, decideAgain } from './concurrency.ts';

/** Fails so many times like this, then answers which time it is. */
function falhando(vezes: number, erro: Error) {
  let vez = 0;
  return async () => {
    vez += 1;
    if (vez <= vezes) throw erro;
    return vez;
  };
}

const perdida = new ConcurrencyError('somebody else was faster');

it('decides again for as long as somebody else was faster, eight times at most', async () => {
  expect(await decideAgain(falhando(7, perdida))).toBe(8);
  await expect(decideAgain(falhando(8, perdida))).rejects.toBe(perdida);
});

it('decides nothing again that failed for another reason', async () => {
  await expect(decideAgain(falhando(1, new Error('away')))).rejects.toThrow('away');
});
