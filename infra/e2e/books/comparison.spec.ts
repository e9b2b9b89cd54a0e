import { describe, expect, it } from '@jest/globals';
import { NADA, type Pagamento, type ReservaBook } from './books.ts';
import { compare } from './comparison.ts';
import { books, ESTORNADA, MISTA, PAGA, PAGAMENTO, SEM_DINHEIRO } from './example-books.ts';

const pagamento = (change: Partial<Pagamento>, base: Pagamento = PAGAMENTO) => ({
  pagamento: { ...base, ...change },
});

describe('the comparison of the books', () => {
  it.each([
    ['paid and confirmed', PAGA],
    ['cancelled and given back by the rules', ESTORNADA],
    ['paid by card and credit, and given back by the rules', MISTA],
    ['expired unpaid, and its credit came back', SEM_DINHEIRO],
    ['given up unpaid', { ...SEM_DINHEIRO, status: 'CANCELADA', desistencia: true, emails: [] }],
    [
      'cancelled before anybody was told of its confirmation',
      { ...ESTORNADA, emails: ESTORNADA.emails.slice(1) },
    ],
  ])('has nothing to say of a reservation that was %s', (_, reserva) => {
    expect(compare(books({ reservas: [reserva] }))).toEqual([]);
  });

  it.each<[string, ReservaBook, string]>([
    ['was charged twice', { ...PAGA, stripe: [...PAGA.stripe, ...PAGA.stripe] }, 'charged 2 times at Stripe'],
    ['has no payment', { ...PAGA, stripe: [], pagamento: undefined }, 'confirmed by no payment of its own'],
    ['was paid a cent too little', { ...PAGA, valor: 250_01 }, 'confirmed with 25000 of 25001 cents'],
    [
      'differs from Stripe by a cent',
      { ...PAGA, stripe: [{ capturado: 249_99, estornado: 0, pendente: 0, tomado: 0 }] },
      'captured, Stripe against events: 24999 cents expected, 25000 found',
    ],
    [
      'differs from its movements',
      { ...PAGA, ...pagamento({ transacoes: { cartao: NADA, creditos: NADA } }) },
      'captured, events against movements: 25000 cents expected, 0 found',
    ],
    ['was paid and still waits', { ...PAGA, status: 'PENDENTE_PAGAMENTO' }, 'paid, but neither confirmed'],
    [
      'expired with the money of the customer',
      { ...PAGA, status: 'EXPIRADA', confirmada: false },
      '0 cents go back, the rules say 25000',
    ],
    [
      'was given back less than its policy says',
      { ...ESTORNADA, reembolso: 250_00 },
      '12500 cents go back, the rules say 25000',
    ],
    [
      'was given back twice',
      {
        ...ESTORNADA,
        stripe: [{ capturado: 250_00, estornado: 250_00, pendente: 0, tomado: 0 }],
        ...pagamento({ cartao: { pago: 250_00, devolvido: 250_00 } }, ESTORNADA.pagamento),
      },
      '25000 cents go back, the rules say 12500',
    ],
    [
      'was given credit back that the ledger still keeps',
      { ...MISTA, ...pagamento({ creditosRetidos: 50_00 }, MISTA.pagamento) },
      'credit kept, events against its ledger: 2500 cents expected, 5000 found',
    ],
    [
      'was given more credit back than the movements say',
      {
        ...MISTA,
        ...pagamento(
          {
            transacoes: {
              cartao: { pago: 200_00, devolvido: 100_00 },
              creditos: { pago: 50_00, devolvido: 0 },
            },
          },
          MISTA.pagamento,
        ),
      },
      'credit kept, events against movements: 2500 cents expected, 5000 found',
    ],
    [
      'the bank took money of, which nobody has noted',
      { ...PAGA, stripe: [{ capturado: 250_00, estornado: 0, pendente: 0, tomado: 250_00 }] },
      'taken by banks, Stripe against events: 25000 cents expected, 0 found',
    ],
    ['has a checkout too many', { ...PAGA, sessoes: 2 }, '2 checkouts at Stripe, 1 asked for'],
    ['was told by copies', { ...PAGA, copies: 2 }, 'copies of e-mails: 2'],
    ['was confirmed twice', { ...PAGA, confirmacoes: 2 }, 'confirmations announced: 2'],
    [
      'was told twice',
      { ...PAGA, emails: ['RESERVA_CONFIRMADA', 'RESERVA_CONFIRMADA'] },
      'e-mails of confirmation: 2',
    ],
    ['was not told', { ...PAGA, emails: [] }, 'e-mails of confirmation: 0'],
    [
      'was told of its refund twice',
      { ...ESTORNADA, emails: [...ESTORNADA.emails, 'ESTORNO_CONCLUIDO'] },
      'e-mails of refunds: 2',
    ],
  ])('finds a reservation that %s', (_, reserva, problem) => {
    expect(compare(books({ reservas: [reserva] }))).toEqual(
      expect.arrayContaining([expect.stringContaining(problem)]),
    );
  });

  it('finds two who hold some of one slot, and none where one has given it up or comes after the other', () => {
    const other = { ...PAGA, id: 'res_2', inicio: new Date('2026-12-01T16:00:00Z') };
    const after = { ...PAGA, id: 'res_3', inicio: PAGA.fim, end: new Date('2026-12-01T18:00:00Z') };
    expect(compare(books({ reservas: [PAGA, other] }))).toEqual(['res_1 and res_2 hold the same slot']);
    expect(compare(books({ reservas: [PAGA, after] }))).toEqual([]);
    expect(compare(books({ reservas: [PAGA, { ...ESTORNADA, id: 'res_4' }] }))).toEqual([]);
    expect(compare(books({ reservas: [PAGA, { ...other, espacoId: 'esp_2' }] }))).toEqual([]);
  });

  it('misses a reservation that nobody knows', () => {
    expect(compare(books({ lost: ['res_9'] }))).toEqual(['res_9: on no record']);
  });
});
