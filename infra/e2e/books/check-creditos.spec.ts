import { describe, expect, it } from '@jest/globals';
import type { Bonus, CreditosBook, Lancamento, ReservaBook } from './books.ts';
import { compare } from './comparison.ts';
import { books, ESTORNADA, SEM_BONUS } from './example-books.ts';

const DADO: Bonus = {
  percentual: 10,
  excecao: 'PROBLEMA_NO_ESPACO',
  prometido: 25_00,
  concedido: 25_00,
  concessoes: 1,
  titular: 'cli_1',
  movimento: 25_00,
};

const comBonus = (bonus: Bonus): ReservaBook => ({ ...ESTORNADA, bonus });

describe('the comparison of the bonus', () => {
  const problems = (reserva: ReservaBook) =>
    compare(books({ reservas: [reserva] })).map((problem) => problem.replace(/^.*?: /, ''));

  it('has nothing to say of what was given as promised, and of no promise', () => {
    expect(problems(comBonus(DADO))).toEqual([]);
    expect(problems(comBonus(SEM_BONUS))).toEqual([]);
  });

  it('lets it be less where its customer had something back before', () => {
    const tomado = { ...comBonus({ ...DADO, prometido: 20_00, concedido: 20_00, movimento: 20_00 }) };
    const pagamento = { ...ESTORNADA.pagamento, estornadoPorPessoas: 50_00 } as ReservaBook['pagamento'];
    expect(problems({ ...tomado, pagamento })).toEqual([]);
  });

  it.each<[string, Partial<Bonus>, string]>([
    [
      'was not given',
      { concedido: 0, concessoes: 0, titular: null, movimento: 0 },
      'bonus of 0 cents given, 2500 promised',
    ],
    ['was given twice', { concedido: 50_00, concessoes: 2, movimento: 50_00 }, 'bonus given 2 times'],
    [
      'is more than the policy says',
      { prometido: 26_00, concedido: 26_00, movimento: 26_00 },
      'bonus of 2600 cents promised, the policy says 2500',
    ],
    [
      'was promised without an exception',
      { excecao: null },
      'bonus of 2500 cents promised, the policy says 0',
    ],
    ['was given to somebody else', { titular: 'cli_2' }, 'bonus given to cli_2'],
    ['the movements do not tell of', { movimento: 0 }, 'bonus of 0 cents among the movements, 2500 given'],
  ])('finds one that %s', (_, change, problem) => {
    expect(problems(comBonus({ ...DADO, ...change }))).toEqual(expect.arrayContaining([problem]));
  });
});

const LOTE = { id: 'bonus:res_0', clienteId: 'cli_1', centavos: 50_00, restante: 20_00 };

const step = (transacao: string, from: string, to: string, centavos: number): Lancamento[] => [
  { transacao, lote: LOTE.id, conta: from, centavos: -centavos },
  { transacao, lote: LOTE.id, conta: to, centavos },
];

/** Given, spent in part, and a part of that has come back. */
const STEPS = [
  ...step('bonus:res_0', 'plataforma:bonus', 'cliente:cli_1', 50_00),
  ...step('uso:pag_1', 'cliente:cli_1', 'pagamento:pag_1', 40_00),
  ...step('estorno:pag_1:1', 'pagamento:pag_1', 'cliente:cli_1', 10_00),
];

const CREDITOS: CreditosBook = {
  lotes: [LOTE],
  lancamentos: STEPS,
  saldos: new Map([['cli_1', 20_00]]),
};

const more = (...lancamentos: readonly Lancamento[]): CreditosBook => ({
  ...CREDITOS,
  lancamentos: [...STEPS, ...lancamentos],
});

describe('the comparison of the ledger of credits', () => {
  const problems = (creditos: CreditosBook) => compare(books({ creditos }));

  it('has nothing to say of a ledger that adds up', () => {
    expect(problems(CREDITOS)).toEqual([]);
  });

  it.each<[string, CreditosBook, string]>([
    [
      'holds another amount than its entries',
      { ...CREDITOS, lotes: [{ ...LOTE, restante: 21_00 }] },
      'lot bonus:res_0: holds 2100 cents, its entries say 2000',
    ],
    [
      'was spent twice',
      more(...step('uso:pag_2', 'cliente:cli_1', 'pagamento:pag_2', 30_00)),
      'lot bonus:res_0: cliente:cli_1 has -1000 cents of 5000 after uso:pag_2',
    ],
    [
      'came back twice',
      more(...step('estorno:pag_1:2', 'pagamento:pag_1', 'cliente:cli_1', 35_00)),
      'lot bonus:res_0: pagamento:pag_1 has -500 cents of 5000 after estorno:pag_1:2',
    ],
    [
      'grew',
      more(...step('bonus:res_9', 'plataforma:bonus', 'cliente:cli_1', 35_00)),
      'lot bonus:res_0: cliente:cli_1 has 5500 cents of 5000 after bonus:res_9',
    ],
    [
      'came from nowhere',
      more({ transacao: 'erro', lote: LOTE.id, conta: 'cliente:cli_1', centavos: 1 }),
      'lot bonus:res_0: erro does not add up to zero',
    ],
    [
      'went to another customer',
      more(...step('erro', 'cliente:cli_1', 'cliente:cli_2', 1_00)),
      'lot bonus:res_0: cliente:cli_2 has credit of cli_1',
    ],
    [
      'is told otherwise by the movements',
      { ...CREDITOS, saldos: new Map([['cli_1', 60_00]]) },
      'credit of cli_1: 6000 cents by the movements, 2000 in the ledger',
    ],
    [
      'is only told of',
      { lotes: [], lancamentos: [], saldos: new Map([['cli_1', 60_00]]) },
      'credit of cli_1: 6000 cents by the movements, 0 in the ledger',
    ],
  ])('finds credit that %s', (_, creditos, problem) => {
    expect(problems(creditos)).toEqual(expect.arrayContaining([problem]));
  });
});
