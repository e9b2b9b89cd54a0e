import { describe, expect, it } from '@jest/globals';
import { conferir } from './conferencia.ts';
import type { LivroDeReserva, Pagamento } from './livros.ts';

const PAGAMENTO: Pagamento = {
  id: 'pag_1',
  capturado: 250_00,
  estornado: 0,
  emCurso: 0,
  estornadoPorPessoas: 0,
  estornosConcluidos: 0,
  transacoes: { capturado: 250_00, estornado: 0 },
};

const PAGA: LivroDeReserva = {
  id: 'res_1',
  status: 'CONFIRMADA',
  valor: 250_00,
  pagamentoId: 'pag_1',
  confirmada: true,
  reembolso: 0,
  confirmacoes: 1,
  stripe: [{ capturado: 250_00, estornado: 0, pendente: 0 }],
  pagamento: PAGAMENTO,
  emails: ['RESERVA_CONFIRMADA'],
};

const ESTORNADA: LivroDeReserva = {
  ...PAGA,
  status: 'CANCELADA',
  reembolso: 125_00,
  stripe: [{ capturado: 250_00, estornado: 125_00, pendente: 0 }],
  pagamento: {
    ...PAGAMENTO,
    estornado: 125_00,
    estornosConcluidos: 1,
    transacoes: { capturado: 250_00, estornado: 125_00 },
  },
  emails: ['RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'ESTORNO_CONCLUIDO'],
};

const SEM_DINHEIRO: LivroDeReserva = {
  ...PAGA,
  status: 'EXPIRADA',
  confirmada: false,
  confirmacoes: 0,
  stripe: [],
  pagamento: { ...PAGAMENTO, capturado: 0, transacoes: { capturado: 0, estornado: 0 } },
  emails: ['RESERVA_EXPIRADA'],
};

const pagamento = (mudanca: Partial<Pagamento>, base: Pagamento = PAGAMENTO) => ({
  pagamento: { ...base, ...mudanca },
});

describe('the comparison of the books', () => {
  it.each([
    ['paid and confirmed', PAGA],
    ['cancelled and given back by the rules', ESTORNADA],
    ['expired unpaid', SEM_DINHEIRO],
    [
      'cancelled before anybody was told of its confirmation',
      { ...ESTORNADA, emails: ESTORNADA.emails.slice(1) },
    ],
  ])('has nothing to say of a reservation that was %s', (_, reserva) => {
    expect(conferir({ reservas: [reserva] })).toEqual([]);
  });

  it.each<[string, LivroDeReserva, string]>([
    ['was charged twice', { ...PAGA, stripe: [...PAGA.stripe, ...PAGA.stripe] }, 'charged 2 times at Stripe'],
    ['has no payment', { ...PAGA, stripe: [], pagamento: undefined }, 'confirmed by no payment of its own'],
    ['was paid a cent too little', { ...PAGA, valor: 250_01 }, 'confirmed with 25000 of 25001 cents'],
    [
      'differs from Stripe by a cent',
      { ...PAGA, stripe: [{ capturado: 249_99, estornado: 0, pendente: 0 }] },
      'captured, Stripe against events: 24999 cents expected, 25000 found',
    ],
    [
      'differs from its transactions',
      { ...PAGA, ...pagamento({ transacoes: { capturado: 0, estornado: 0 } }) },
      'captured, events against transactions: 25000 cents expected, 0 found',
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
        stripe: [{ capturado: 250_00, estornado: 250_00, pendente: 0 }],
        ...pagamento({ estornado: 250_00 }, ESTORNADA.pagamento),
      },
      '25000 cents go back, the rules say 12500',
    ],
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
  ])('finds a reservation that %s', (_, reserva, problema) => {
    expect(conferir({ reservas: [reserva] })).toEqual(
      expect.arrayContaining([expect.stringContaining(problema)]),
    );
  });
});
