import type { Bancada } from './bancada.ts';
import type { Correio, Roteiro } from './correio.ts';

/** What a customer, an administrator or the bank can do during a run, and what they can see. */
export interface Palco {
  readonly bancada: Bancada;
  readonly correio: Correio;
  readonly roteiro: Roteiro;
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
  };
  /** The latest refund as pagamentos has it. */
  readonly estorno: { readonly situacao: string; readonly refundId: string | null } | undefined;
}

interface Passo {
  /** Done as soon as this is so. */
  quando(palco: Palco): boolean;
  fazer(palco: Palco): Promise<unknown> | unknown;
}

export interface Cenario {
  readonly nome: string;
  /** Hours until the reservation begins: they decide what a cancellation gives back. */
  readonly emHoras: number;
  /** Before anything happens. */
  readonly antes?: (bancada: Bancada) => void;
  readonly passos: readonly Passo[];
}

const MINUTO_MS = 60_000;

const podePagar = ({ pagamento }: Palco) => pagamento.sessaoId !== null;
const confirmada = ({ reserva }: Palco) => reserva === 'CONFIRMADA';
const sessao = ({ pagamento }: Palco): string => pagamento.sessaoId ?? '';

const pagar = (palco: Palco) => palco.bancada.stripe.pay(sessao(palco));
const recusar = (palco: Palco) => palco.bancada.stripe.decline(sessao(palco));
const cancelar = ({ bancada, reservaId, clienteId }: Palco) => bancada.cancelar(reservaId, clienteId);
const esgotar = ({ bancada }: Palco) => bancada.clock.advance(16 * MINUTO_MS);

const PAGA: Passo = { quando: podePagar, fazer: pagar };

/** A claim of the customer's bank, which the stand-in cannot make. */
function disputa(type: string, status: string): Passo['fazer'] {
  return ({ correio, roteiro, pagamento }) => {
    const { intencaoId: payment_intent, valor: amount, id } = pagamento;
    const objeto = { id: `dp_${id}`, payment_intent, amount, currency: 'brl', reason: 'fraudulent', status };
    const dados = { object: 'event', type, data: { object: objeto } };
    correio.aviso({ id: `evt_${status}_${id}`, ...dados } as { type: string }, roteiro);
  };
}

/** The ways that a booking can go, each with a quiet end that no disorder of messages may change. */
export const CENARIOS: readonly Cenario[] = [
  { nome: 'pays', emHoras: 72, passos: [PAGA] },
  {
    nome: 'is declined twice, then pays',
    emHoras: 72,
    passos: [{ quando: podePagar, fazer: recusar }, { quando: podePagar, fazer: recusar }, PAGA],
  },
  { nome: 'never pays', emHoras: 72, passos: [{ quando: podePagar, fazer: esgotar }] },
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
  },
  { nome: 'cancels unpaid', emHoras: 72, passos: [{ quando: podePagar, fazer: cancelar }] },
  { nome: 'cancels at once', emHoras: 72, passos: [{ quando: () => true, fazer: cancelar }] },
  { nome: 'cancels in time', emHoras: 72, passos: [PAGA, { quando: confirmada, fazer: cancelar }] },
  { nome: 'cancels late, for half', emHoras: 20, passos: [PAGA, { quando: confirmada, fazer: cancelar }] },
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
  },
  {
    nome: 'disputes, cancels, and the bank takes the claim back',
    emHoras: 72,
    passos: [
      PAGA,
      { quando: confirmada, fazer: disputa('charge.dispute.created', 'needs_response') },
      { quando: confirmada, fazer: cancelar },
      {
        quando: ({ reserva }) => reserva === 'CANCELADA',
        fazer: disputa('charge.dispute.closed', 'won'),
      },
    ],
  },
];
