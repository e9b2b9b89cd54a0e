import { type Bonus, type Books, NADA, type Pagamento, type Parte, type ReservaBook } from './books.ts';

/** When the examples are compared: a week before their reservation begins. */
export const NOW = new Date('2026-11-24T14:00:00Z');

export const SEM_BONUS: Bonus = {
  percentual: 10,
  excecao: null,
  prometido: 0,
  concedido: 0,
  concessoes: 0,
  titular: null,
  movimento: 0,
};

/** A payment by card of R$ 250.00. */
export const PAGAMENTO: Pagamento = {
  id: 'pag_1',
  cartao: { pago: 250_00, devolvido: 0 },
  creditos: NADA,
  emCurso: 0,
  estornadoPorPessoas: 0,
  estornosConcluidos: 0,
  checkouts: 1,
  transacoes: { cartao: { pago: 250_00, devolvido: 0 }, creditos: NADA },
  creditosRetidos: 0,
  tomado: 0,
};

export const PAGA: ReservaBook = {
  id: 'res_1',
  status: 'CONFIRMADA',
  valor: 250_00,
  pagamentoId: 'pag_1',
  confirmada: true,
  desistencia: false,
  reembolso: 0,
  confirmacoes: 1,
  stripe: [{ capturado: 250_00, estornado: 0, pendente: 0, tomado: 0 }],
  sessoes: 1,
  pagamento: PAGAMENTO,
  emails: ['RESERVA_CONFIRMADA'],
  copies: 0,
  missing: 0,
  clienteId: 'cli_1',
  espacoId: 'esp_1',
  inicio: new Date('2026-12-01T15:00:00Z'),
  fim: new Date('2026-12-01T17:00:00Z'),
  confirmadoEm: new Date('2026-11-24T12:00:00Z'),
  canceladoEm: null,
  expirou: false,
  ofertas: 0,
  noticias: { cartoesRecusados: 0, restos: 0, estornosFalhos: 0 },
  bonus: SEM_BONUS,
  eventos: { versao: 0, links: [] },
};

const METADE = { pago: 250_00, devolvido: 125_00 };

export const ESTORNADA: ReservaBook = {
  ...PAGA,
  status: 'CANCELADA',
  canceladoEm: new Date('2026-11-24T13:00:00Z'),
  reembolso: 125_00,
  stripe: [{ capturado: 250_00, estornado: 125_00, pendente: 0, tomado: 0 }],
  pagamento: {
    ...PAGAMENTO,
    cartao: METADE,
    estornosConcluidos: 1,
    transacoes: { cartao: METADE, creditos: NADA },
  },
  emails: ['RESERVA_CONFIRMADA', 'RESERVA_CANCELADA', 'ESTORNO_CONCLUIDO'],
};

export const SEM_DINHEIRO: ReservaBook = {
  ...PAGA,
  status: 'EXPIRADA',
  expirou: true,
  confirmada: false,
  confirmadoEm: null,
  confirmacoes: 0,
  stripe: [],
  // Credit that was set aside for it has come back.
  pagamento: {
    ...PAGAMENTO,
    cartao: NADA,
    transacoes: { cartao: NADA, creditos: { pago: 50_00, devolvido: 50_00 } },
  },
  emails: ['RESERVA_EXPIRADA'],
};

const [CARTAO, CREDITO]: readonly [Parte, Parte] = [
  { pago: 200_00, devolvido: 100_00 },
  { pago: 50_00, devolvido: 25_00 },
];

/** Paid in part by credit, cancelled for half. */
export const MISTA: ReservaBook = {
  ...ESTORNADA,
  stripe: [{ capturado: 200_00, estornado: 100_00, pendente: 0, tomado: 0 }],
  pagamento: {
    ...PAGAMENTO,
    cartao: CARTAO,
    creditos: CREDITO,
    estornosConcluidos: 1,
    transacoes: { cartao: CARTAO, creditos: CREDITO },
    creditosRetidos: 25_00,
  },
};

/** Books in which nothing is but this. */
export const books = (part: Partial<Books>): Books => ({
  reservas: [],
  lost: [],
  filas: [],
  series: [],
  creditos: { lotes: [], lancamentos: [], saldos: new Map() },
  now: NOW,
  ...part,
});
