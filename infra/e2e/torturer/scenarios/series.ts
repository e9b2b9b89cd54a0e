import { NADA } from '../../livros/livros.ts';
import type { Palco } from '../palco.ts';
import {
  CANCELA,
  CANCELADA,
  type Cenario,
  CONFIRMADA,
  comCredito,
  confirmada,
  DEVOLVIDO,
  type Desfecho,
  de,
  desfecho,
  ESTORNO,
  EXPIRADA,
  esgotar,
  espera,
  METADE,
  PAGA,
  PAGO,
  podePagar,
} from './cenario.ts';

/** As many dates as one customer may hold unpaid. */
const DATAS = [0, 1, 2] as const;
const como = { datas: DATAS.length };

const paga = (...datas: number[]) => datas.map((data) => de('ana', PAGA, data));
const cancelarTodas = ({ bancada, elenco, cenas }: Palco) =>
  bancada.cancelarSerie(cenas[0]?.serieId ?? '', elenco.ana);
const ateConfirmadas = (...datas: number[]) => datas.map((data) => de('ana', espera(confirmada), data));
const termina = (...reservas: Desfecho[]) => ({ reservas, saldos: {}, fila: {} });

const confirmadaPaga = desfecho('CONFIRMADA', PAGO, [CONFIRMADA]);
const canceladaInteira = desfecho('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]);

/** Several dates of one customer: each has a charge, an end and a refund of its own. */
export const DE_SERIES: readonly Cenario[] = [
  {
    nome: 'books three dates and pays them',
    ...{ emHoras: 72, como },
    passos: paga(0, 1, 2),
    fim: termina(confirmadaPaga, confirmadaPaga, confirmadaPaga),
  },
  {
    nome: 'books three dates, pays two, and lets the third run out',
    ...{ emHoras: 72, como },
    passos: [...paga(2, 0), ...ateConfirmadas(2, 0), de('ana', { quando: podePagar, fazer: esgotar }, 1)],
    fim: termina(confirmadaPaga, desfecho('EXPIRADA', NADA, [EXPIRADA]), confirmadaPaga),
  },
  {
    nome: 'books three dates, pays them, and cancels one',
    ...{ emHoras: 72, como },
    passos: [...paga(0, 1, 2), de('ana', CANCELA, 1)],
    fim: termina(confirmadaPaga, canceladaInteira, confirmadaPaga),
  },
  {
    nome: 'books three dates, pays them, and cancels the series, the first one late',
    ...{ emHoras: 20, como },
    passos: [...paga(0, 1, 2), ...ateConfirmadas(0, 1, 2), { quando: () => true, fazer: cancelarTodas }],
    fim: termina(desfecho('CANCELADA', METADE, [CANCELADA, ESTORNO]), canceladaInteira, canceladaInteira),
  },
  {
    nome: 'books three dates, pays one, and cancels the series',
    ...{ emHoras: 72, como },
    passos: [...paga(1), ...ateConfirmadas(1), { quando: () => true, fazer: cancelarTodas }],
    fim: termina(desfecho('CANCELADA', NADA, []), canceladaInteira, desfecho('CANCELADA', NADA, [])),
  },
  {
    nome: 'has credit for a whole series, and cancels one date',
    ...{ emHoras: 72, como },
    antes: comCredito(500_00n),
    passos: [de('ana', CANCELA, 0)],
    fim: {
      ...termina(
        desfecho('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO }),
        desfecho('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO }),
        desfecho('CONFIRMADA', NADA, [CONFIRMADA], { creditos: PAGO }),
      ),
      saldos: { ana: 199_98 },
    },
  },
];
