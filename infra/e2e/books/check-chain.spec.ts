import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { conferir } from './conferencia.ts';
import type { Cadeia, Elo } from './livros.ts';
import { livros, PAGA } from './livros-de-exemplo.ts';

/** Three events, each with the hash of the one before. */
const ELOS: Elo[] = [];
for (const tipo of ['CobrancaCriada', 'CheckoutSolicitado', 'PagamentoAprovado']) {
  const [versao, anterior] = [ELOS.length + 1, ELOS.at(-1)?.hash ?? ''];
  const conteudo = JSON.stringify([anterior, 'pag_1', versao, tipo]);
  ELOS.push({ versao, anterior, conteudo, hash: createHash('sha256').update(conteudo).digest('hex') });
}

const INTEIRA: Cadeia = { versao: 3, elos: ELOS };

const mudado = (n: number, mudanca: Partial<Elo>): Cadeia => ({
  ...INTEIRA,
  elos: ELOS.map((elo) => (elo.versao === n ? { ...elo, ...mudanca } : elo)),
});

const problemas = (eventos: Cadeia) =>
  conferir(livros({ reservas: [{ ...PAGA, eventos }] })).map((problema) => problema.replace(/^.*?: /, ''));

describe('the comparison of the chain of events', () => {
  it('has nothing to say of a chain that is whole', () => {
    expect(problemas(INTEIRA)).toEqual([]);
  });

  it.each<[string, Cadeia, string]>([
    ['was changed', mudado(2, { conteudo: '["another"]' }), 'event 2 was changed'],
    ['was changed together with its hash', mudado(2, { hash: 'ab' }), 'event 3 does not follow'],
    [
      'was removed from the middle',
      { ...INTEIRA, elos: ELOS.filter((_, i) => i !== 1) },
      'event 2 of the payment is missing',
    ],
    ['was cut off', { ...INTEIRA, elos: ELOS.slice(0, 2) }, 'the payment is at 3, its events at 2'],
    ['is one more than the payment knows', { ...INTEIRA, versao: 2 }, 'the payment is at 2, its events at 3'],
  ])('finds an event that %s', (_, eventos, problema) => {
    expect(problemas(eventos)).toEqual(expect.arrayContaining([problema]));
  });
});
