import { NADA } from '../../livros/livros.ts';
import type { Cena, Palco } from '../palco.ts';
import {
  aceitar,
  CANCELA,
  CANCELADA,
  type Cenario,
  CONFIRMADA,
  cancelada,
  cancelar,
  comCredito,
  confirmada,
  DEVOLVIDO,
  daAna,
  ESTORNO,
  EXPIRADA,
  esgotar,
  FALHA,
  fim,
  METADE,
  OFERTA,
  PAGA,
  PAGO,
  PRECO,
  pagar,
  podePagar,
  recusar,
  sempre,
} from './cenario.ts';

const RECUSA = 'PAGAMENTO_RECUSADO';

const disputar = ({ pagamento }: Cena, { bancada }: Palco) =>
  bancada.stripe.dispute(pagamento.intencaoId ?? '');
const encerrarDisputa =
  (resultado: 'won' | 'lost') =>
  ({ pagamento }: Cena, { bancada }: Palco) =>
    bancada.encerrarDisputa(pagamento.intencaoId ?? '', resultado);
const podePagarResto = (cena: Cena) => cena.pagamento.creditos > 0 && podePagar(cena);

/** The ways that one reservation can go. */
export const DE_UMA_RESERVA: readonly Cenario[] = [
  { nome: 'pays', emHoras: 72, passos: daAna(PAGA), fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]) },
  {
    nome: 'is declined twice, then pays',
    emHoras: 72,
    passos: daAna({ quando: podePagar, fazer: recusar }, { quando: podePagar, fazer: recusar }, PAGA),
    fim: fim('CONFIRMADA', PAGO, [RECUSA, RECUSA, CONFIRMADA]),
  },
  {
    nome: 'never pays',
    emHoras: 72,
    passos: daAna({ quando: podePagar, fazer: esgotar }),
    fim: fim('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    nome: 'pays when the hold has just run out',
    emHoras: 72,
    passos: daAna({
      quando: podePagar,
      fazer: (cena, palco) => {
        esgotar(cena, palco);
        return pagar(cena, palco);
      },
    }),
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'cancels unpaid',
    emHoras: 72,
    passos: daAna({ quando: podePagar, fazer: cancelar }),
    fim: fim('CANCELADA', NADA, []),
  },
  {
    nome: 'cancels at once',
    emHoras: 72,
    passos: daAna({ quando: sempre, fazer: cancelar }),
    fim: fim('CANCELADA', NADA, []),
  },
  {
    nome: 'cancels in time',
    emHoras: 72,
    passos: daAna(PAGA, CANCELA),
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'cancels late, for half',
    emHoras: 20,
    passos: daAna(PAGA, CANCELA),
    fim: fim('CANCELADA', METADE, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'pays and cancels before anybody has heard of the money',
    emHoras: 72,
    passos: daAna({
      quando: podePagar,
      async fazer(cena, palco) {
        pagar(cena, palco);
        await cancelar(cena, palco);
      },
    }),
    // Given up as far as anybody knew: the refund says the rest.
    fim: fim('CANCELADA', DEVOLVIDO, [ESTORNO]),
  },
  {
    nome: 'cancels, and the bank sends the refund back once',
    emHoras: 72,
    passos: daAna(
      PAGA,
      {
        quando: confirmada,
        async fazer(cena, palco) {
          palco.bancada.stripe.set({ refunds: { mode: 'pending' } });
          await cancelar(cena, palco);
        },
      },
      {
        quando: ({ estorno }) => estorno?.refundId != null,
        fazer({ estorno }, { bancada }) {
          bancada.stripe.settleRefund(estorno?.refundId ?? '', 'failed');
          bancada.stripe.set({ refunds: { mode: 'succeeded' } });
        },
      },
      {
        quando: ({ estorno }) => estorno?.situacao === 'FALHOU',
        fazer: ({ pagamento }, { bancada }) => bancada.estornar(pagamento.id),
      },
    ),
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, FALHA, ESTORNO]),
  },
  {
    nome: 'pays, and somebody gives a part back at Stripe itself',
    emHoras: 72,
    passos: daAna({
      quando: podePagar,
      fazer(cena, palco) {
        const { payment_intent: intencao } = pagar(cena, palco);
        return palco.bancada.estornarNoStripe(String(intencao), 50_00);
      },
    }),
    fim: fim('CONFIRMADA', { pago: PRECO, devolvido: 50_00 }, [CONFIRMADA, ESTORNO]),
  },
  {
    nome: 'gets a part back from an administrator, then cancels',
    emHoras: 72,
    passos: daAna(
      PAGA,
      { quando: confirmada, fazer: ({ pagamento }, { bancada }) => bancada.estornar(pagamento.id, 30_00n) },
      { quando: ({ estorno }) => estorno?.situacao === 'CONCLUIDO', fazer: cancelar },
    ),
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO]),
  },
  {
    nome: 'disputes, cancels, and the bank takes the claim back',
    emHoras: 72,
    passos: daAna(PAGA, { quando: confirmada, fazer: disputar }, CANCELA, {
      quando: cancelada,
      fazer: encerrarDisputa('won'),
    }),
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    nome: 'disputes, cancels, and the bank keeps the money',
    emHoras: 72,
    passos: daAna(PAGA, { quando: confirmada, fazer: disputar }, CANCELA, {
      quando: ({ estorno }) => estorno?.situacao === 'SOLICITADO',
      fazer: encerrarDisputa('lost'),
    }),
    fim: fim('CANCELADA', PAGO, [CANCELADA, FALHA]),
  },
  {
    nome: 'has credit for everything, then cancels',
    emHoras: 72,
    antes: comCredito(200_00n),
    passos: daAna(CANCELA),
    fim: fim('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 }),
  },
  {
    nome: 'pays a part by credit, then cancels late, for half',
    emHoras: 20,
    antes: comCredito(50_00n),
    passos: daAna(PAGA, CANCELA),
    fim: fim('CANCELADA', { pago: 100_01, devolvido: 50_01 }, [CANCELADA, ESTORNO], {
      creditos: { pago: 50_00, devolvido: 25_00 },
      saldo: 25_00,
    }),
  },
  {
    nome: 'never pays what credit does not cover',
    emHoras: 72,
    antes: comCredito(50_00n),
    passos: daAna({ quando: podePagar, fazer: esgotar }),
    fim: fim('EXPIRADA', NADA, [EXPIRADA], { saldo: 50_00 }),
  },
  {
    nome: 'has credit, is booked for, and pays by card',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(200_00n),
    passos: daAna(PAGA),
    fim: fim('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { saldo: 200_00 }),
  },
  {
    nome: 'is booked for, and accepts with credit for everything',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(200_00n),
    passos: daAna({ quando: podePagar, fazer: aceitar }),
    fim: fim('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO, saldo: 49_99 }),
  },
  {
    nome: 'is booked for, and accepts before there is a charge',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(200_00n),
    passos: daAna({ quando: sempre, fazer: aceitar }),
    fim: fim('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO, saldo: 49_99 }),
  },
  {
    nome: 'is booked for, accepts with credit for a part, and pays the rest',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(50_00n),
    passos: daAna({ quando: podePagar, fazer: aceitar }, { quando: podePagarResto, fazer: pagar }),
    fim: fim('CONFIRMADA', { pago: 100_01, devolvido: 0 }, [OFERTA, CONFIRMADA], {
      creditos: { pago: 50_00, devolvido: 0 },
    }),
  },
  {
    nome: 'is booked for, accepts with credit for a part, and never pays the rest',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(50_00n),
    passos: daAna({ quando: podePagar, fazer: aceitar }, { quando: podePagarResto, fazer: esgotar }),
    fim: fim('EXPIRADA', NADA, [EXPIRADA], { saldo: 50_00 }),
  },
  {
    nome: 'is booked for, pays by card and accepts before anybody has heard of the money',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(200_00n),
    passos: daAna({
      quando: podePagar,
      async fazer(cena, palco) {
        pagar(cena, palco);
        await aceitar(cena, palco);
      },
    }),
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA], { saldo: 200_00 }),
  },
  {
    nome: 'is booked for, accepts with credit and cancels at once',
    emHoras: 72,
    como: { porOutro: true },
    antes: comCredito(200_00n),
    passos: daAna({ quando: podePagar, fazer: aceitar }, CANCELA),
    fim: fim('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 }),
  },
];
