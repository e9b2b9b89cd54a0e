import type { Bancada } from './bancada.ts';
import { NADA, type Parte } from './livros.ts';

/** What a customer, an administrator or the bank can do during a run, and what they can see. */
export interface Palco {
  readonly bancada: Bancada;
  readonly reservaId: string;
  readonly clienteId: string;
  /** Status of the reservation. */
  readonly reserva: string;
  readonly pagamento: {
    readonly id: string;
    readonly status: string;
    readonly sessaoId: string | null;
    readonly intencaoId: string | null;
    readonly valor: number;
    readonly creditos: number;
  };
  /** The latest refund as pagamentos has it. */
  readonly estorno: { readonly situacao: string; readonly refundId: string | null } | undefined;
}

interface Passo {
  /** Done as soon as this is so. */
  quando(palco: Palco): boolean;
  fazer(palco: Palco): Promise<unknown> | unknown;
}

/** What has become of a booking in the end, as its customer sees it; cents. */
export interface Desfecho {
  readonly reserva: string;
  readonly cartao: Parte;
  readonly creditos: Parte;
  /** Templates of all e-mails. Who cancels at once is not told that it was confirmed. */
  readonly emails: readonly string[];
}

export interface Cenario {
  readonly nome: string;
  /** Hours until the reservation begins: they decide what a cancellation gives back. */
  readonly emHoras: number;
  /** An administrator books it for the customer. */
  readonly porOutro?: true;
  /** Before anything happens. */
  readonly antes?: (bancada: Bancada, clienteId: string) => Promise<void> | void;
  readonly passos: readonly Passo[];
  readonly fim: Desfecho;
}

const MINUTO_MS = 60_000;

const podePagar = ({ pagamento }: Palco) => pagamento.sessaoId !== null;
const confirmada = ({ reserva }: Palco) => reserva === 'CONFIRMADA';
const cancelada = ({ reserva }: Palco) => reserva === 'CANCELADA';
const sessao = ({ pagamento }: Palco): string => pagamento.sessaoId ?? '';

const pagar = (palco: Palco) => palco.bancada.stripe.pay(sessao(palco));
const recusar = (palco: Palco) => palco.bancada.stripe.decline(sessao(palco));
const cancelar = ({ bancada, reservaId, clienteId }: Palco) => bancada.cancelar(reservaId, clienteId);
const aceitar = ({ bancada, reservaId, clienteId }: Palco) => bancada.aceitar(reservaId, clienteId);
const esgotar = ({ bancada }: Palco) => bancada.clock.advance(16 * MINUTO_MS);

const disputar = ({ bancada, pagamento }: Palco) => bancada.stripe.dispute(pagamento.intencaoId ?? '');
const encerrarDisputa =
  (fim: 'won' | 'lost') =>
  ({ bancada, pagamento }: Palco) =>
    bancada.encerrarDisputa(pagamento.intencaoId ?? '', fim);

const podePagarResto = (palco: Palco) => palco.pagamento.creditos > 0 && podePagar(palco);

const PAGA: Passo = { quando: podePagar, fazer: pagar };

const comCredito = (centavos: bigint) => (bancada: Bancada, clienteId: string) =>
  bancada.darCredito(clienteId, centavos);

/** One hour at R$ 100,01 and the cleaning fee. */
const PRECO = 150_01;

const fim = (reserva: string, cartao: Parte, emails: readonly string[], creditos = NADA): Desfecho => ({
  ...{ reserva, cartao, creditos },
  emails: [...emails].sort(),
});
const CONFIRMADA = 'RESERVA_CONFIRMADA';
const CANCELADA = 'RESERVA_CANCELADA';
const ESTORNO = 'ESTORNO_CONCLUIDO';
const OFERTA = 'VAGA_OFERECIDA';
const FALHA = 'ESTORNO_FALHOU';

const PAGO: Parte = { pago: PRECO, devolvido: 0 };
const DEVOLVIDO: Parte = { pago: PRECO, devolvido: PRECO };
/** Rounded half up. */
const METADE: Parte = { pago: PRECO, devolvido: 75_01 };

/** The ways that a booking can go, each with an end that no disorder of messages may change. */
export const CENARIOS: readonly Cenario[] = [
  { nome: 'pays', emHoras: 72, passos: [PAGA], fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]) },
  {
    nome: 'is declined twice, then pays',
    emHoras: 72,
    passos: [{ quando: podePagar, fazer: recusar }, { quando: podePagar, fazer: recusar }, PAGA],
    fim: fim('CONFIRMADA', PAGO, ['PAGAMENTO_RECUSADO', 'PAGAMENTO_RECUSADO', CONFIRMADA]),
  },
  {
    nome: 'never pays',
    emHoras: 72,
    passos: [{ quando: podePagar, fazer: esgotar }],
    fim: fim('EXPIRADA', NADA, ['RESERVA_EXPIRADA']),
  },
  {
    nome: 'pays when the hold has just run out',
    emHoras: 72,
    passos: [
      {
        quando: podePagar,
        fazer: (palco) => {
          esgotar(palco);
          return pagar(palco);
        },
      },
    ],
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'cancels unpaid',
    emHoras: 72,
    passos: [{ quando: podePagar, fazer: cancelar }],
    fim: fim('CANCELADA', NADA, []),
  },
  {
    nome: 'cancels at once',
    emHoras: 72,
    passos: [{ quando: () => true, fazer: cancelar }],
    fim: fim('CANCELADA', NADA, []),
  },
  {
    nome: 'cancels in time',
    emHoras: 72,
    passos: [PAGA, { quando: confirmada, fazer: cancelar }],
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'cancels late, for half',
    emHoras: 20,
    passos: [PAGA, { quando: confirmada, fazer: cancelar }],
    fim: fim('CANCELADA', METADE, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'pays and cancels before anybody has heard of the money',
    emHoras: 72,
    passos: [
      {
        quando: podePagar,
        async fazer(palco) {
          pagar(palco);
          await cancelar(palco);
        },
      },
    ],
    // Given up as far as anybody knew: the refund says the rest.
    fim: fim('CANCELADA', DEVOLVIDO, [ESTORNO]),
  },
  {
    nome: 'cancels, and the bank sends the refund back once',
    emHoras: 72,
    passos: [
      PAGA,
      {
        quando: confirmada,
        async fazer(palco) {
          palco.bancada.stripe.set({ refunds: { mode: 'pending' } });
          await cancelar(palco);
        },
      },
      {
        quando: ({ estorno }) => estorno?.refundId != null,
        fazer({ bancada, estorno }) {
          bancada.stripe.settleRefund(estorno?.refundId ?? '', 'failed');
          bancada.stripe.set({ refunds: { mode: 'succeeded' } });
        },
      },
      {
        quando: ({ estorno }) => estorno?.situacao === 'FALHOU',
        fazer: ({ bancada, pagamento }) => bancada.estornar(pagamento.id),
      },
    ],
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, FALHA, ESTORNO]),
  },
  {
    nome: 'pays, and somebody gives a part back at Stripe itself',
    emHoras: 72,
    passos: [
      {
        quando: podePagar,
        fazer(palco) {
          const { payment_intent: intencao } = pagar(palco);
          return palco.bancada.estornarNoStripe(String(intencao), 50_00);
        },
      },
    ],
    fim: fim('CONFIRMADA', { pago: PRECO, devolvido: 50_00 }, [CONFIRMADA, ESTORNO]),
  },
  {
    nome: 'gets a part back from an administrator, then cancels',
    emHoras: 72,
    passos: [
      PAGA,
      { quando: confirmada, fazer: ({ bancada, pagamento }) => bancada.estornar(pagamento.id, 30_00n) },
      { quando: ({ estorno }) => estorno?.situacao === 'CONCLUIDO', fazer: cancelar },
    ],
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO]),
  },
  {
    nome: 'disputes, cancels, and the bank takes the claim back',
    emHoras: 72,
    passos: [
      PAGA,
      { quando: confirmada, fazer: disputar },
      { quando: confirmada, fazer: cancelar },
      { quando: cancelada, fazer: encerrarDisputa('won') },
    ],
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'disputes, cancels, and the bank keeps the money',
    emHoras: 72,
    passos: [
      PAGA,
      { quando: confirmada, fazer: disputar },
      { quando: confirmada, fazer: cancelar },
      { quando: ({ estorno }) => estorno?.situacao === 'SOLICITADO', fazer: encerrarDisputa('lost') },
    ],
    fim: fim('CANCELADA', PAGO, [CANCELADA, FALHA]),
  },
  {
    nome: 'has credit for everything, then cancels',
    emHoras: 72,
    antes: comCredito(200_00n),
    passos: [{ quando: confirmada, fazer: cancelar }],
    fim: fim('CANCELADA', NADA, [CANCELADA, ESTORNO], DEVOLVIDO),
  },
  {
    nome: 'pays a part by credit, then cancels late, for half',
    emHoras: 20,
    antes: comCredito(50_00n),
    passos: [PAGA, { quando: confirmada, fazer: cancelar }],
    fim: fim('CANCELADA', { pago: 100_01, devolvido: 50_01 }, [CANCELADA, ESTORNO], {
      pago: 50_00,
      devolvido: 25_00,
    }),
  },
  {
    nome: 'never pays what credit does not cover',
    emHoras: 72,
    antes: comCredito(50_00n),
    passos: [{ quando: podePagar, fazer: esgotar }],
    fim: fim('EXPIRADA', NADA, ['RESERVA_EXPIRADA']),
  },
  {
    nome: 'has credit, is booked for, and pays by card',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(200_00n),
    passos: [PAGA],
    fim: fim('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA]),
  },
  {
    nome: 'is booked for, and accepts with credit for everything',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(200_00n),
    passos: [{ quando: podePagar, fazer: aceitar }],
    fim: fim('CONFIRMADA', NADA, [CONFIRMADA], PAGO),
  },
  {
    nome: 'is booked for, and accepts before there is a charge',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(200_00n),
    passos: [{ quando: () => true, fazer: aceitar }],
    fim: fim('CONFIRMADA', NADA, [CONFIRMADA], PAGO),
  },
  {
    nome: 'is booked for, accepts with credit for a part, and pays the rest',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(50_00n),
    passos: [
      { quando: podePagar, fazer: aceitar },
      { quando: podePagarResto, fazer: pagar },
    ],
    fim: fim('CONFIRMADA', { pago: 100_01, devolvido: 0 }, [OFERTA, CONFIRMADA], {
      pago: 50_00,
      devolvido: 0,
    }),
  },
  {
    nome: 'is booked for, accepts with credit for a part, and never pays the rest',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(50_00n),
    passos: [
      { quando: podePagar, fazer: aceitar },
      { quando: podePagarResto, fazer: esgotar },
    ],
    fim: fim('EXPIRADA', NADA, ['RESERVA_EXPIRADA']),
  },
  {
    nome: 'is booked for, pays by card and accepts before anybody has heard of the money',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(200_00n),
    passos: [
      {
        quando: podePagar,
        async fazer(palco) {
          pagar(palco);
          await aceitar(palco);
        },
      },
    ],
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'is booked for, accepts with credit and cancels at once',
    emHoras: 72,
    porOutro: true,
    antes: comCredito(200_00n),
    passos: [
      { quando: podePagar, fazer: aceitar },
      { quando: confirmada, fazer: cancelar },
    ],
    fim: fim('CANCELADA', NADA, [CANCELADA, ESTORNO], DEVOLVIDO),
  },
];
