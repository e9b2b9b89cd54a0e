import { NADA } from '../../books/books.ts';
import type { Scene, Stage } from '../stage.ts';
import {
  by,
  byAna,
  CANCELA,
  CANCELADA,
  CONFIRMADA,
  comCredito,
  confirmada,
  DEVOLVIDO,
  ESTORNO,
  end,
  outcome,
  PAGA,
  PRECO,
  type Scenario,
  type Step,
} from './scenario.ts';

const comProblema = ({ reservaId }: Scene, { rig }: Stage) => rig.cancelarPorProblema(reservaId);
const CANCELADA_POR_PROBLEMA = { when: confirmada, act: comProblema };

/** A tenth of the price, a cent and a half rounded. */
const BONUS = 15_00;
const COM_BONUS = { pago: PRECO - BONUS, devolvido: PRECO - BONUS };

const RESERVA_DE_NOVO: Step = {
  when: ({ saldos }) => saldos.ana === BONUS,
  act: ({ rig, espacoId, cast }) => rig.reservar({ espacoId, clienteId: cast.ana, inHours: 72 }),
};

/** Of a tenth of what is lost, given as credit when something is wrong with the space. */
export const DE_BONUS: readonly Scenario[] = [
  {
    name: 'gets a bonus because of the space',
    inHours: 72,
    steps: byAna(PAGA, CANCELADA_POR_PROBLEMA),
    end: end('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO], { saldo: BONUS }),
  },
  {
    name: 'gets a part back, and a bonus on the rest because of the space',
    inHours: 72,
    steps: byAna(
      PAGA,
      { when: confirmada, act: ({ pagamento }, { rig }) => rig.estornar(pagamento.id, 30_00n) },
      { when: ({ estorno }) => estorno?.situacao === 'CONCLUIDO', act: comProblema },
    ),
    end: end('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO], { saldo: 12_00 }),
  },
  {
    name: 'pays by credit, and gets it back with a bonus because of the space',
    inHours: 72,
    before: comCredito(200_00n),
    steps: byAna(CANCELADA_POR_PROBLEMA),
    end: end('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 + BONUS }),
  },
  {
    name: 'spends a bonus on another booking, and cancels that',
    inHours: 48,
    steps: [
      ...byAna(PAGA, CANCELADA_POR_PROBLEMA),
      RESERVA_DE_NOVO,
      by('ana', PAGA, 1),
      by('ana', CANCELA, 1),
    ],
    end: {
      reservas: [
        outcome('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
        outcome('CANCELADA', COM_BONUS, [CANCELADA, ESTORNO], {
          creditos: { pago: BONUS, devolvido: BONUS },
        }),
      ],
      saldos: { ana: BONUS },
      fila: {},
    },
  },
  {
    name: 'spends a bonus on another booking, and keeps that',
    inHours: 48,
    steps: [...byAna(PAGA, CANCELADA_POR_PROBLEMA), RESERVA_DE_NOVO, by('ana', PAGA, 1)],
    end: {
      reservas: [
        outcome('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
        outcome('CONFIRMADA', { pago: PRECO - BONUS, devolvido: 0 }, [CONFIRMADA], {
          creditos: { pago: BONUS, devolvido: 0 },
        }),
      ],
      saldos: {},
      fila: {},
    },
  },
];
