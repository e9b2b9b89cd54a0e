import { NADA } from '../../books/books.ts';
import type { Stage } from '../stage.ts';
import {
  by,
  CANCELA,
  CANCELADA,
  CONFIRMADA,
  comCredito,
  confirmada,
  DEVOLVIDO,
  ESTORNO,
  EXPIRADA,
  esgotar,
  METADE,
  type Outcome,
  outcome,
  PAGA,
  PAGO,
  podePagar,
  type Scenario,
  waitFor,
} from './scenario.ts';

/** As many dates as one customer may hold unpaid. */
const DATAS = [0, 1, 2] as const;
const how = { datas: DATAS.length };

const paga = (...datas: number[]) => datas.map((date) => by('ana', PAGA, date));
const cancelarTodas = ({ rig, cast, scenes }: Stage) => rig.cancelarSerie(scenes[0]?.serieId ?? '', cast.ana);
const untilConfirmadas = (...datas: number[]) => datas.map((date) => by('ana', waitFor(confirmada), date));
const termina = (...reservas: Outcome[]) => ({ reservas, saldos: {}, fila: {} });

const confirmadaPaga = outcome('CONFIRMADA', PAGO, [CONFIRMADA]);
const canceladaInteira = outcome('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]);

/** Several dates of one customer: each has a charge, an end and a refund of its own. */
export const DE_SERIES: readonly Scenario[] = [
  {
    name: 'books three dates and pays them',
    ...{ inHours: 72, how },
    steps: paga(0, 1, 2),
    end: termina(confirmadaPaga, confirmadaPaga, confirmadaPaga),
  },
  {
    name: 'books three dates, pays two, and lets the third run out',
    ...{ inHours: 72, how },
    steps: [...paga(2, 0), ...untilConfirmadas(2, 0), by('ana', { when: podePagar, act: esgotar }, 1)],
    end: termina(confirmadaPaga, outcome('EXPIRADA', NADA, [EXPIRADA]), confirmadaPaga),
  },
  {
    name: 'books three dates, pays them, and cancels one',
    ...{ inHours: 72, how },
    steps: [...paga(0, 1, 2), by('ana', CANCELA, 1)],
    end: termina(confirmadaPaga, canceladaInteira, confirmadaPaga),
  },
  {
    name: 'books three dates, pays them, and cancels the series, the first one late',
    ...{ inHours: 20, how },
    steps: [...paga(0, 1, 2), ...untilConfirmadas(0, 1, 2), { when: () => true, act: cancelarTodas }],
    end: termina(outcome('CANCELADA', METADE, [CANCELADA, ESTORNO]), canceladaInteira, canceladaInteira),
  },
  {
    name: 'books three dates, pays one, and cancels the series',
    ...{ inHours: 72, how },
    steps: [...paga(1), ...untilConfirmadas(1), { when: () => true, act: cancelarTodas }],
    end: termina(outcome('CANCELADA', NADA, []), canceladaInteira, outcome('CANCELADA', NADA, [])),
  },
  {
    name: 'has credit for a whole series, and cancels one date',
    ...{ inHours: 72, how },
    before: comCredito(500_00n),
    steps: [by('ana', CANCELA, 0)],
    end: {
      ...termina(
        outcome('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO }),
        outcome('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO }),
        outcome('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO }),
      ),
      saldos: { ana: 199_98 },
    },
  },
];
