import { NADA } from '../../books/books.ts';
import type { Scene, Stage } from '../stage.ts';
import {
  aceitar,
  always,
  byAna,
  CANCELA,
  CANCELADA,
  CONFIRMADA,
  cancelada,
  cancelar,
  comCredito,
  confirmada,
  DEVOLVIDO,
  ESTORNO,
  EXPIRADA,
  end,
  esgotar,
  FALHA,
  METADE,
  OFERTA,
  PAGA,
  PAGO,
  PRECO,
  pagar,
  podePagar,
  recusar,
  type Scenario,
} from './scenario.ts';

const RECUSA = 'PAGAMENTO_RECUSADO';

const disputar = ({ pagamento }: Scene, { rig }: Stage) => rig.stripe.dispute(pagamento.intencaoId ?? '');
const encerrarDisputa =
  (resultado: 'won' | 'lost') =>
  ({ pagamento }: Scene, { rig }: Stage) =>
    rig.encerrarDisputa(pagamento.intencaoId ?? '', resultado);
const leuQueFoiRecusado = (vezes: number) => (scene: Scene) =>
  podePagar(scene) && scene.recusasAvisadas >= vezes;
const podePagarResto = (scene: Scene) => scene.pagamento.creditos > 0 && podePagar(scene);

/** The ways that one reservation can go. */
export const DE_UMA_RESERVA: readonly Scenario[] = [
  { name: 'pays', inHours: 72, steps: byAna(PAGA), end: end('CONFIRMADA', PAGO, [CONFIRMADA]) },
  {
    name: 'is declined twice, each time reads of it, then pays',
    inHours: 72,
    steps: byAna(
      { when: podePagar, act: recusar },
      { when: leuQueFoiRecusado(1), act: recusar },
      { when: leuQueFoiRecusado(2), act: pagar },
    ),
    end: end('CONFIRMADA', PAGO, [RECUSA, RECUSA, CONFIRMADA]),
  },
  {
    // What asks for another card is no news any more to who has paid.
    name: 'is declined twice, then pays before that is told',
    inHours: 72,
    steps: byAna({ when: podePagar, act: recusar }, { when: podePagar, act: recusar }, PAGA),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'never pays',
    inHours: 72,
    steps: byAna({ when: podePagar, act: esgotar }),
    end: end('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    name: 'pays when the hold has just run out',
    inHours: 72,
    steps: byAna({
      when: podePagar,
      act: (scene, stage) => {
        esgotar(scene, stage);
        return pagar(scene, stage);
      },
    }),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'cancels unpaid',
    inHours: 72,
    steps: byAna({ when: podePagar, act: cancelar }),
    end: end('CANCELADA', NADA, []),
  },
  {
    name: 'cancels at once',
    inHours: 72,
    steps: byAna({ when: always, act: cancelar }),
    end: end('CANCELADA', NADA, []),
  },
  {
    name: 'cancels in time',
    inHours: 72,
    steps: byAna(PAGA, CANCELA),
    end: end('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    name: 'cancels late, for half',
    inHours: 20,
    steps: byAna(PAGA, CANCELA),
    end: end('CANCELADA', METADE, [CANCELADA, ESTORNO]),
  },
  {
    name: 'pays and cancels before anybody has heard of the money',
    inHours: 72,
    steps: byAna({
      when: podePagar,
      async act(scene, stage) {
        pagar(scene, stage);
        await cancelar(scene, stage);
      },
    }),
    // Given up as far as anybody knew: the refund says the rest.
    end: end('CANCELADA', DEVOLVIDO, [ESTORNO]),
  },
  {
    name: 'cancels, and the bank sends the refund back once',
    inHours: 72,
    steps: byAna(
      PAGA,
      {
        when: confirmada,
        async act(scene, stage) {
          stage.rig.stripe.set({ refunds: { mode: 'pending' } });
          await cancelar(scene, stage);
        },
      },
      {
        when: ({ estorno }) => estorno?.refundId != null,
        act({ estorno }, { rig }) {
          rig.stripe.settleRefund(estorno?.refundId ?? '', 'failed');
          rig.stripe.set({ refunds: { mode: 'succeeded' } });
        },
      },
      {
        when: ({ estorno }) => estorno?.situacao === 'FALHOU',
        act: ({ pagamento }, { rig }) => rig.estornar(pagamento.id),
      },
    ),
    end: end('CANCELADA', DEVOLVIDO, [CANCELADA, FALHA, ESTORNO]),
  },
  {
    name: 'pays, and somebody gives a part back at Stripe itself',
    inHours: 72,
    steps: byAna({
      when: podePagar,
      act(scene, stage) {
        const { payment_intent: intencao } = pagar(scene, stage);
        return stage.rig.estornarNoStripe(String(intencao), 50_00);
      },
    }),
    end: end('CONFIRMADA', { pago: PRECO, devolvido: 50_00 }, [CONFIRMADA, ESTORNO]),
  },
  {
    name: 'gets a part back from an administrator, then cancels',
    inHours: 72,
    steps: byAna(
      PAGA,
      { when: confirmada, act: ({ pagamento }, { rig }) => rig.estornar(pagamento.id, 30_00n) },
      { when: ({ estorno }) => estorno?.situacao === 'CONCLUIDO', act: cancelar },
    ),
    end: end('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO]),
  },
  {
    name: 'disputes, cancels, and the bank takes the claim back',
    inHours: 72,
    steps: byAna(PAGA, { when: confirmada, act: disputar }, CANCELA, {
      when: cancelada,
      act: encerrarDisputa('won'),
    }),
    end: end('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
  },
  {
    name: 'disputes, cancels, and the bank keeps the money',
    inHours: 72,
    steps: byAna(PAGA, { when: confirmada, act: disputar }, CANCELA, {
      when: ({ estorno }) => estorno?.situacao === 'SOLICITADO',
      act: encerrarDisputa('lost'),
    }),
    end: end('CANCELADA', PAGO, [CANCELADA, FALHA]),
  },
  {
    name: 'has credit for everything, then cancels',
    inHours: 72,
    before: comCredito(200_00n),
    steps: byAna(CANCELA),
    end: end('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 }),
  },
  {
    name: 'pays a part by credit, then cancels late, for half',
    inHours: 20,
    before: comCredito(50_00n),
    steps: byAna(PAGA, CANCELA),
    end: end('CANCELADA', { pago: 100_01, devolvido: 50_01 }, [CANCELADA, ESTORNO], {
      creditos: { pago: 50_00, devolvido: 25_00 },
      saldo: 25_00,
    }),
  },
  {
    name: 'never pays what credit does not cover',
    inHours: 72,
    before: comCredito(50_00n),
    steps: byAna({ when: podePagar, act: esgotar }),
    end: end('EXPIRADA', NADA, [EXPIRADA], { saldo: 50_00 }),
  },
  {
    name: 'has credit, is booked for, and pays by card',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(200_00n),
    steps: byAna(PAGA),
    end: end('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { saldo: 200_00 }),
  },
  {
    name: 'is booked for, and accepts with credit for everything',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(200_00n),
    steps: byAna({ when: podePagar, act: aceitar }),
    end: end('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO, saldo: 49_99 }),
  },
  {
    name: 'is booked for, and accepts before there is a charge',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(200_00n),
    steps: byAna({ when: always, act: aceitar }),
    end: end('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO, saldo: 49_99 }),
  },
  {
    name: 'is booked for, accepts with credit for a part, and pays the rest',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(50_00n),
    steps: byAna({ when: podePagar, act: aceitar }, { when: podePagarResto, act: pagar }),
    end: end('CONFIRMADA', { pago: 100_01, devolvido: 0 }, [OFERTA, CONFIRMADA], {
      creditos: { pago: 50_00, devolvido: 0 },
    }),
  },
  {
    name: 'is booked for, accepts with credit for a part, and never pays the rest',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(50_00n),
    steps: byAna({ when: podePagar, act: aceitar }, { when: podePagarResto, act: esgotar }),
    end: end('EXPIRADA', NADA, [EXPIRADA], { saldo: 50_00 }),
  },
  {
    name: 'is booked for, pays by card and accepts before anybody has heard of the money',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(200_00n),
    steps: byAna({
      when: podePagar,
      async act(scene, stage) {
        pagar(scene, stage);
        await aceitar(scene, stage);
      },
    }),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA], { saldo: 200_00 }),
  },
  {
    name: 'is booked for, accepts with credit and cancels at once',
    inHours: 72,
    how: { porOutro: true },
    before: comCredito(200_00n),
    steps: byAna({ when: podePagar, act: aceitar }, CANCELA),
    end: end('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 }),
  },
];
