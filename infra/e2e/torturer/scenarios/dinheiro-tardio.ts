import { NADA } from '../../livros/livros.ts';
import type { Cena, Palco } from '../palco.ts';
import {
  CANCELA,
  CANCELADA,
  type Cenario,
  CONFIRMADA,
  cancelar,
  comCredito,
  DEVOLVIDO,
  daAna,
  de,
  desfecho,
  ESTORNO,
  EXPIRADA,
  esgotar,
  espera,
  estar,
  expirada,
  fim,
  OFERTA,
  PAGA,
  PAGO,
  type Passo,
  podePagar,
  sempre,
} from './cenario.ts';
import { entra } from './fila.ts';

const EM_HORAS = 72;

const mandar = ({ pagamento }: Cena, { bancada }: Palco) => bancada.stripe.payLater(pagamento.sessaoId ?? '');
const MANDA = { quando: podePagar, fazer: mandar };
const chega =
  (como: 'succeeded' | 'failed') =>
  ({ pagamento }: Cena, { bancada }: Palco) =>
    bancada.stripe.settlePayment(pagamento.sessaoId ?? '', como);
const VEM = { quando: sempre, fazer: chega('succeeded') };
const NAO_VEM = { quando: sempre, fazer: chega('failed') };
/** The charge was given up, and the hold with it. */
const DESISTEM = [MANDA, NAO_VEM, espera(expirada)];

/** The charge was given up; who holds the slot may not have heard of it. */
const FECHAM = [MANDA, NAO_VEM, espera(({ pagamento }) => pagamento.status === 'CANCELADO')];

const biaReserva: Passo = {
  quando: sempre,
  fazer: ({ bancada, espacoId, elenco }) =>
    bancada.reservar({ espacoId, clienteId: elenco.bia, emHoras: EM_HORAS }),
};

/** Money that takes its time: on its way beyond the hold, or coming when the hold no longer waits for it. */
export const DE_DINHEIRO_TARDIO: readonly Cenario[] = [
  {
    nome: 'pays by a method that takes a while',
    emHoras: EM_HORAS,
    passos: daAna(MANDA, VEM),
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'pays by a method that takes a while, and the money does not come',
    emHoras: EM_HORAS,
    passos: daAna(MANDA, NAO_VEM),
    fim: fim('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    nome: 'has money on its way when the hold ends, and it comes',
    emHoras: EM_HORAS,
    passos: daAna(MANDA, { quando: sempre, fazer: esgotar }, espera(estar('EXPIRANDO')), VEM),
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'has money on its way when the hold ends, and it does not come',
    emHoras: EM_HORAS,
    passos: daAna(MANDA, { quando: sempre, fazer: esgotar }, espera(estar('EXPIRANDO')), NAO_VEM),
    fim: fim('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    nome: 'cancels while money is on its way, and it comes',
    emHoras: EM_HORAS,
    passos: daAna(MANDA, { quando: sempre, fazer: cancelar }, VEM),
    fim: fim('CANCELADA', DEVOLVIDO, [ESTORNO]),
  },
  {
    nome: 'has paid after all when nobody counts on it, and the slot is still free',
    emHoras: EM_HORAS,
    passos: daAna(...DESISTEM, VEM),
    fim: fim('CONFIRMADA', PAGO, [EXPIRADA, CONFIRMADA]),
  },
  {
    nome: 'has paid after all when the charge has just been closed',
    emHoras: EM_HORAS,
    passos: daAna(...FECHAM, VEM),
    fim: fim('CONFIRMADA', PAGO, [EXPIRADA, CONFIRMADA]),
  },
  {
    nome: 'has paid after all when the charge has just been closed, and cancels',
    emHoras: EM_HORAS,
    passos: daAna(...FECHAM, VEM, CANCELA),
    fim: fim('CANCELADA', DEVOLVIDO, [EXPIRADA, CANCELADA, ESTORNO]),
  },
  {
    nome: 'has paid after all, but the slot is taken by somebody else',
    emHoras: EM_HORAS,
    passos: [...daAna(...DESISTEM), biaReserva, de('ana', VEM), de('bia', PAGA)],
    fim: {
      reservas: [
        desfecho('EXPIRADA', DEVOLVIDO, [EXPIRADA, ESTORNO]),
        desfecho('CONFIRMADA', PAGO, [CONFIRMADA], { quem: 'bia' }),
      ],
      saldos: {},
      fila: {},
    },
  },
  {
    nome: 'has paid after all, but the slot is offered to who waited for it',
    emHoras: EM_HORAS,
    passos: [
      entra('bia'),
      ...daAna(...DESISTEM),
      de('bia', espera(podePagar)),
      de('ana', VEM),
      de('bia', PAGA),
    ],
    fim: {
      reservas: [
        desfecho('EXPIRADA', DEVOLVIDO, [EXPIRADA, ESTORNO]),
        desfecho('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { quem: 'bia' }),
      ],
      saldos: {},
      fila: { bia: 'ATENDIDA' },
    },
  },
  {
    nome: 'has paid the rest after all, but the credit is back',
    emHoras: EM_HORAS,
    antes: comCredito(50_00n),
    passos: daAna(...DESISTEM, VEM),
    fim: fim('EXPIRADA', { pago: 100_01, devolvido: 100_01 }, [EXPIRADA, ESTORNO], { saldo: 50_00 }),
  },
];
