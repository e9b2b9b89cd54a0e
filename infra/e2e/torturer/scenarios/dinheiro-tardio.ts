import { NADA } from '../../books/books.ts';
import type { Scene, Stage } from '../stage.ts';
import { entra } from './fila.ts';
import {
  always,
  by,
  byAna,
  CANCELA,
  CANCELADA,
  CONFIRMADA,
  cancelar,
  comCredito,
  DEVOLVIDO,
  ESTORNO,
  EXPIRADA,
  end,
  esgotar,
  expirada,
  inStatus,
  OFERTA,
  outcome,
  PAGA,
  PAGO,
  podePagar,
  type Scenario,
  type Step,
  waitFor,
} from './scenario.ts';

const IN_HOURS = 72;

const mandar = ({ pagamento }: Scene, { rig }: Stage) => rig.stripe.payLater(pagamento.sessaoId ?? '');
const MANDA = { when: podePagar, act: mandar };
const settles =
  (how: 'succeeded' | 'failed') =>
  ({ pagamento }: Scene, { rig }: Stage) =>
    rig.stripe.settlePayment(pagamento.sessaoId ?? '', how);
const VEM = { when: always, act: settles('succeeded') };
const NAO_VEM = { when: always, act: settles('failed') };
/** The charge was given up, and the hold with it. */
const DESISTEM = [MANDA, NAO_VEM, waitFor(expirada)];

/** The charge was given up; who holds the slot may not have heard of it. */
const FECHAM = [MANDA, NAO_VEM, waitFor(({ pagamento }) => pagamento.status === 'CANCELADO')];

const biaReserva: Step = {
  when: always,
  act: ({ rig, espacoId, cast }) => rig.reservar({ espacoId, clienteId: cast.bia, inHours: IN_HOURS }),
};

/** Money that takes its time: on its way beyond the hold, or coming when the hold no longer waits for it. */
export const DE_DINHEIRO_TARDIO: readonly Scenario[] = [
  {
    name: 'pays by a method that takes a while',
    inHours: IN_HOURS,
    steps: byAna(MANDA, VEM),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'pays by a method that takes a while, and the money does not come',
    inHours: IN_HOURS,
    steps: byAna(MANDA, NAO_VEM),
    end: end('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    name: 'has money on its way when the hold ends, and it comes',
    inHours: IN_HOURS,
    steps: byAna(MANDA, { when: always, act: esgotar }, waitFor(inStatus('EXPIRANDO')), VEM),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'has money on its way when the hold ends, and it does not come',
    inHours: IN_HOURS,
    steps: byAna(MANDA, { when: always, act: esgotar }, waitFor(inStatus('EXPIRANDO')), NAO_VEM),
    end: end('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    name: 'cancels while money is on its way, and it comes',
    inHours: IN_HOURS,
    steps: byAna(MANDA, { when: always, act: cancelar }, VEM),
    end: end('CANCELADA', DEVOLVIDO, [ESTORNO]),
  },
  {
    name: 'has paid after all when nobody counts on it, and the slot is still free',
    inHours: IN_HOURS,
    steps: byAna(...DESISTEM, VEM),
    end: end('CONFIRMADA', PAGO, [EXPIRADA, CONFIRMADA]),
  },
  {
    name: 'has paid after all when the charge has just been closed',
    inHours: IN_HOURS,
    steps: byAna(...FECHAM, VEM),
    end: end('CONFIRMADA', PAGO, [EXPIRADA, CONFIRMADA]),
  },
  {
    name: 'has paid after all when the charge has just been closed, and cancels',
    inHours: IN_HOURS,
    steps: byAna(...FECHAM, VEM, CANCELA),
    end: end('CANCELADA', DEVOLVIDO, [EXPIRADA, CANCELADA, ESTORNO]),
  },
  {
    name: 'has paid after all, but the slot is taken by somebody else',
    inHours: IN_HOURS,
    steps: [...byAna(...DESISTEM), biaReserva, by('ana', VEM), by('bia', PAGA)],
    end: {
      reservas: [
        outcome('EXPIRADA', DEVOLVIDO, [EXPIRADA, ESTORNO]),
        outcome('CONFIRMADA', PAGO, [CONFIRMADA], { who: 'bia' }),
      ],
      saldos: {},
      fila: {},
    },
  },
  {
    name: 'has paid after all, but the slot is offered to who waited for it',
    inHours: IN_HOURS,
    steps: [
      entra('bia'),
      ...byAna(...DESISTEM),
      by('bia', waitFor(podePagar)),
      by('ana', VEM),
      by('bia', PAGA),
    ],
    end: {
      reservas: [
        outcome('EXPIRADA', DEVOLVIDO, [EXPIRADA, ESTORNO]),
        outcome('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { who: 'bia' }),
      ],
      saldos: {},
      fila: { bia: 'ATENDIDA' },
    },
  },
  {
    name: 'has paid the rest after all, but the credit is back',
    inHours: IN_HOURS,
    before: comCredito(50_00n),
    steps: byAna(...DESISTEM, VEM),
    end: end('EXPIRADA', { pago: 100_01, devolvido: 100_01 }, [EXPIRADA, ESTORNO], { saldo: 50_00 }),
  },
];
