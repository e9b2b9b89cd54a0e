import { NADA } from '../../livros/livros.ts';
import type { Palco, Pessoa } from '../palco.ts';
import {
  aceitar,
  CANCELA,
  CANCELADA,
  type Cenario,
  CONFIRMADA,
  comCredito,
  DEVOLVIDO,
  de,
  desfecho,
  ESTORNO,
  EXPIRADA,
  esgotar,
  MINUTO_MS,
  OFERTA,
  PAGA,
  PAGO,
  type Passo,
  pagar,
  podePagar,
} from './cenario.ts';

const EM_HORAS = 72;

/** Somebody stands in line for what Ana has. */
export const entra = (quem: Pessoa): Passo => ({
  quando: () => true,
  fazer: ({ bancada, espacoId, elenco }) =>
    bancada.entrarNaFila({ espacoId, clienteId: elenco[quem], emHoras: EM_HORAS }),
});
const deixarPassar = (_: unknown, { bancada }: Palco) => bancada.clock.advance(31 * MINUTO_MS);

/** Ana pays, two stand in line, and Ana cancels. */
const ANA_CANCELA = [entra('bia'), entra('caio'), de('ana', PAGA), de('ana', CANCELA)];
const anaCancelou = desfecho('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]);
const tomou = (quem: Pessoa) => desfecho('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { quem });
const perdeu = (quem: Pessoa) => desfecho('EXPIRADA', NADA, [EXPIRADA], { quem });

/** What becomes free is offered to those who wait, one after the other, and no other customer gets it. */
export const DA_FILA: readonly Cenario[] = [
  {
    nome: 'cancels, and the first in line takes the offer',
    emHoras: EM_HORAS,
    passos: [...ANA_CANCELA, de('bia', PAGA)],
    fim: {
      reservas: [anaCancelou, tomou('bia')],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    nome: 'never pays, and who waits takes the offer',
    emHoras: EM_HORAS,
    passos: [entra('bia'), de('ana', { quando: podePagar, fazer: esgotar }), de('bia', PAGA)],
    fim: {
      reservas: [desfecho('EXPIRADA', NADA, [EXPIRADA]), tomou('bia')],
      saldos: {},
      fila: { bia: 'ATENDIDA' },
    },
  },
  {
    nome: 'cancels, the first in line lets the offer lapse, and the next one takes it',
    emHoras: EM_HORAS,
    passos: [...ANA_CANCELA, de('bia', { quando: podePagar, fazer: deixarPassar }), de('caio', PAGA)],
    fim: {
      reservas: [anaCancelou, perdeu('bia'), tomou('caio')],
      saldos: {},
      fila: { bia: 'EXPIRADA', caio: 'ATENDIDA' },
    },
  },
  {
    nome: 'cancels, the first in line declines the offer, and the next one takes it',
    emHoras: EM_HORAS,
    passos: [
      ...ANA_CANCELA,
      de('bia', {
        quando: podePagar,
        fazer: (_, { bancada, espacoId, elenco }) => bancada.sairDaFila({ espacoId, clienteId: elenco.bia }),
      }),
      de('caio', PAGA),
    ],
    fim: {
      reservas: [anaCancelou, desfecho('CANCELADA', NADA, [], { quem: 'bia' }), tomou('caio')],
      saldos: {},
      fila: { bia: 'CANCELADA', caio: 'ATENDIDA' },
    },
  },
  {
    nome: 'cancels, and nobody in line takes the offer',
    emHoras: EM_HORAS,
    passos: [
      ...ANA_CANCELA,
      de('bia', { quando: podePagar, fazer: deixarPassar }),
      de('caio', { quando: podePagar, fazer: deixarPassar }),
    ],
    fim: {
      reservas: [anaCancelou, perdeu('bia'), perdeu('caio')],
      saldos: {},
      fila: { bia: 'EXPIRADA', caio: 'EXPIRADA' },
    },
  },
  {
    nome: 'cancels, and the first in line pays the offer when it has just run out',
    emHoras: EM_HORAS,
    passos: [
      ...ANA_CANCELA,
      de('bia', {
        quando: podePagar,
        fazer(cena, palco) {
          deixarPassar(cena, palco);
          return pagar(cena, palco);
        },
      }),
    ],
    fim: {
      reservas: [anaCancelou, desfecho('CONFIRMADA', PAGO, [CONFIRMADA], { quem: 'bia' })],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    nome: 'cancels, and the first in line accepts the offer with credit',
    emHoras: EM_HORAS,
    antes: comCredito(200_00n, 'bia'),
    passos: [...ANA_CANCELA, de('bia', { quando: podePagar, fazer: aceitar })],
    fim: {
      reservas: [anaCancelou, desfecho('CONFIRMADA', NADA, [CONFIRMADA], { quem: 'bia', creditos: PAGO })],
      saldos: { bia: 49_99 },
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    nome: 'cancels, the first in line takes the offer and cancels, too, and the next one takes it',
    emHoras: EM_HORAS,
    passos: [...ANA_CANCELA, de('bia', PAGA), de('bia', CANCELA), de('caio', PAGA)],
    fim: {
      reservas: [
        anaCancelou,
        desfecho('CANCELADA', DEVOLVIDO, [OFERTA, CANCELADA, ESTORNO], { quem: 'bia' }),
        tomou('caio'),
      ],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'ATENDIDA' },
    },
  },
];
