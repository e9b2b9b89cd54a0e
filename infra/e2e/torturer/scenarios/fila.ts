import { NADA } from '../../books/books.ts';
import type { Person, Stage } from '../stage.ts';
import {
  aceitar,
  by,
  CANCELA,
  CANCELADA,
  CONFIRMADA,
  comCredito,
  DEVOLVIDO,
  ESTORNO,
  EXPIRADA,
  esgotar,
  MINUTE_MS,
  OFERTA,
  outcome,
  PAGA,
  PAGO,
  pagar,
  podePagar,
  type Scenario,
  type Step,
} from './scenario.ts';

const IN_HOURS = 72;

/** Somebody stands in line for what Ana has. */
export const entra = (who: Person): Step => ({
  when: () => true,
  act: ({ rig, espacoId, cast }) => rig.entrarNaFila({ espacoId, clienteId: cast[who], inHours: IN_HOURS }),
});
const deixarPassar = (_: unknown, { rig }: Stage) => rig.clock.advance(31 * MINUTE_MS);

/** Ana pays, two stand in line, and Ana cancels. */
const ANA_CANCELA = [entra('bia'), entra('caio'), by('ana', PAGA), by('ana', CANCELA)];
const anaCancelou = outcome('CANCELADA', DEVOLVIDO, [CANCELADA, ESTORNO]);
const tomou = (who: Person) => outcome('CONFIRMADA', PAGO, [OFERTA, CONFIRMADA], { who });
const perdeu = (who: Person) => outcome('EXPIRADA', NADA, [EXPIRADA], { who });

/** What becomes free is offered to those who wait, one after the other, and no other customer gets it. */
export const DA_FILA: readonly Scenario[] = [
  {
    name: 'cancels, and the first in line takes the offer',
    inHours: IN_HOURS,
    steps: [...ANA_CANCELA, by('bia', PAGA)],
    end: {
      reservas: [anaCancelou, tomou('bia')],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    name: 'never pays, and who waits takes the offer',
    inHours: IN_HOURS,
    steps: [entra('bia'), by('ana', { when: podePagar, act: esgotar }), by('bia', PAGA)],
    end: {
      reservas: [outcome('EXPIRADA', NADA, [EXPIRADA]), tomou('bia')],
      saldos: {},
      fila: { bia: 'ATENDIDA' },
    },
  },
  {
    name: 'cancels, the first in line lets the offer lapse, and the next one takes it',
    inHours: IN_HOURS,
    steps: [...ANA_CANCELA, by('bia', { when: podePagar, act: deixarPassar }), by('caio', PAGA)],
    end: {
      reservas: [anaCancelou, perdeu('bia'), tomou('caio')],
      saldos: {},
      fila: { bia: 'EXPIRADA', caio: 'ATENDIDA' },
    },
  },
  {
    name: 'cancels, the first in line declines the offer, and the next one takes it',
    inHours: IN_HOURS,
    steps: [
      ...ANA_CANCELA,
      by('bia', {
        when: podePagar,
        act: (_, { rig, espacoId, cast }) => rig.sairDaFila({ espacoId, clienteId: cast.bia }),
      }),
      by('caio', PAGA),
    ],
    end: {
      reservas: [anaCancelou, outcome('CANCELADA', NADA, [], { who: 'bia' }), tomou('caio')],
      saldos: {},
      fila: { bia: 'CANCELADA', caio: 'ATENDIDA' },
    },
  },
  {
    name: 'cancels, and nobody in line takes the offer',
    inHours: IN_HOURS,
    steps: [
      ...ANA_CANCELA,
      by('bia', { when: podePagar, act: deixarPassar }),
      by('caio', { when: podePagar, act: deixarPassar }),
    ],
    end: {
      reservas: [anaCancelou, perdeu('bia'), perdeu('caio')],
      saldos: {},
      fila: { bia: 'EXPIRADA', caio: 'EXPIRADA' },
    },
  },
  {
    name: 'cancels, and the first in line pays the offer when it has just run out',
    inHours: IN_HOURS,
    steps: [
      ...ANA_CANCELA,
      by('bia', {
        when: podePagar,
        act(scene, stage) {
          deixarPassar(scene, stage);
          return pagar(scene, stage);
        },
      }),
    ],
    end: {
      reservas: [anaCancelou, outcome('CONFIRMADA', PAGO, [CONFIRMADA], { who: 'bia' })],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    name: 'cancels, and the first in line accepts the offer with credit',
    inHours: IN_HOURS,
    before: comCredito(200_00n, 'bia'),
    steps: [...ANA_CANCELA, by('bia', { when: podePagar, act: aceitar })],
    end: {
      reservas: [anaCancelou, outcome('CONFIRMADA', NADA, [CONFIRMADA], { who: 'bia', creditos: PAGO })],
      saldos: { bia: 49_99 },
      fila: { bia: 'ATENDIDA', caio: 'AGUARDANDO' },
    },
  },
  {
    name: 'cancels, the first in line takes the offer and cancels, too, and the next one takes it',
    inHours: IN_HOURS,
    steps: [...ANA_CANCELA, by('bia', PAGA), by('bia', CANCELA), by('caio', PAGA)],
    end: {
      reservas: [
        anaCancelou,
        outcome('CANCELADA', DEVOLVIDO, [OFERTA, CANCELADA, ESTORNO], { who: 'bia' }),
        tomou('caio'),
      ],
      saldos: {},
      fila: { bia: 'ATENDIDA', caio: 'ATENDIDA' },
    },
  },
];
