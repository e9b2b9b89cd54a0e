import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Chain, Link } from './books.ts';
import { compare } from './comparison.ts';
import { books, PAGA } from './example-books.ts';

/** Three events, each with the hash of the one before. */
const LINKS: Link[] = [];
for (const tipo of ['CobrancaCriada', 'CheckoutSolicitado', 'PagamentoAprovado']) {
  const [versao, previous] = [LINKS.length + 1, LINKS.at(-1)?.hash ?? ''];
  const content = JSON.stringify([previous, 'pag_1', versao, tipo]);
  LINKS.push({ versao, previous, content, hash: createHash('sha256').update(content).digest('hex') });
}

const WHOLE: Chain = { versao: 3, links: LINKS };

const changed = (n: number, change: Partial<Link>): Chain => ({
  ...WHOLE,
  links: LINKS.map((link) => (link.versao === n ? { ...link, ...change } : link)),
});

const problems = (eventos: Chain) =>
  compare(books({ reservas: [{ ...PAGA, eventos }] })).map((problem) => problem.replace(/^.*?: /, ''));

describe('the comparison of the chain of events', () => {
  it('has nothing to say of a chain that is whole', () => {
    expect(problems(WHOLE)).toEqual([]);
  });

  it.each<[string, Chain, string]>([
    ['was changed', changed(2, { content: '["another"]' }), 'event 2 was changed'],
    ['was changed together with its hash', changed(2, { hash: 'ab' }), 'event 3 does not follow'],
    [
      'was removed from the middle',
      { ...WHOLE, links: LINKS.filter((_, i) => i !== 1) },
      'event 2 of the payment is missing',
    ],
    ['was cut off', { ...WHOLE, links: LINKS.slice(0, 2) }, 'the payment is at 3, its events at 2'],
    ['is one more than the payment knows', { ...WHOLE, versao: 2 }, 'the payment is at 2, its events at 3'],
  ])('finds an event that %s', (_, eventos, problem) => {
    expect(problems(eventos)).toEqual(expect.arrayContaining([problem]));
  });
});
