import { NADA } from '../../livros/livros.ts';
import type { Cena, Palco } from '../palco.ts';
import {
  CANCELA,
  CANCELADA,
  type Cenario,
  CONFIRMADA,
  comCredito,
  confirmada,
  DEVOLVIDO,
  daAna,
  de,
  desfecho,
  ESTORNO,
  fim,
  PAGA,
  type Passo,
  PRECO,
} from './cenario.ts';

const comProblema = ({ reservaId }: Cena, { bancada }: Palco) => bancada.cancelarPorProblema(reservaId);
const CANCELADA_POR_PROBLEMA = { quando: confirmada, fazer: comProblema };

/** A tenth of the price, a cent and a half rounded. */
const BONUS = 15_00;
const COM_BONUS = { pago: PRECO - BONUS, devolvido: PRECO - BONUS };

const RESERVA_DE_NOVO: Passo = {
  quando: ({ saldos }) => saldos.ana === BONUS,
  fazer: ({ bancada, espacoId, elenco }) =>
    bancada.reservar({ espacoId, clienteId: elenco.ana, emHoras: 72 }),
};

/** Of a tenth of what is lost, given as credit when something is wrong with the space. */
export const DE_BONUS: readonly Cenario[] = [
  {
    nome: 'gets a bonus because of the space',
    emHoras: 72,
    passos: daAna(PAGA, CANCELADA_POR_PROBLEMA),
    fim: fim('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO], { saldo: BONUS }),
  },
  {
    nome: 'gets a part back, and a bonus on the rest because of the space',
    emHoras: 72,
    passos: daAna(
      PAGA,
      { quando: confirmada, fazer: ({ pagamento }, { bancada }) => bancada.estornar(pagamento.id, 30_00n) },
      { quando: ({ estorno }) => estorno?.situacao === 'CONCLUIDO', fazer: comProblema },
    ),
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO], { saldo: 12_00 }),
  },
  {
    nome: 'pays by credit, and gets it back with a bonus because of the space',
    emHoras: 72,
    antes: comCredito(200_00n),
    passos: daAna(CANCELADA_POR_PROBLEMA),
    fim: fim('CANCELADA', NADA, [CANCELADA, ESTORNO], { creditos: DEVOLVIDO, saldo: 200_00 + BONUS }),
  },
  {
    nome: 'spends a bonus on another booking, and cancels that',
    emHoras: 48,
    passos: [
      ...daAna(PAGA, CANCELADA_POR_PROBLEMA),
      RESERVA_DE_NOVO,
      de('ana', PAGA, 1),
      de('ana', CANCELA, 1),
    ],
    fim: {
      reservas: [
        desfecho('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
        desfecho('CANCELADA', COM_BONUS, [CANCELADA, ESTORNO], {
          creditos: { pago: BONUS, devolvido: BONUS },
        }),
      ],
      saldos: { ana: BONUS },
      fila: {},
    },
  },
  {
    nome: 'spends a bonus on another booking, and keeps that',
    emHoras: 48,
    passos: [...daAna(PAGA, CANCELADA_POR_PROBLEMA), RESERVA_DE_NOVO, de('ana', PAGA, 1)],
    fim: {
      reservas: [
        desfecho('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]),
        desfecho('CONFIRMADA', { pago: PRECO - BONUS, devolvido: 0 }, [CONFIRMADA], {
          creditos: { pago: BONUS, devolvido: 0 },
        }),
      ],
      saldos: {},
      fila: {},
    },
  },
];
