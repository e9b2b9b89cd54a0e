import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Espaco } from '../../espacos/domain/espaco.ts';
import { abertos, type JanelaFuncionamento } from '../../espacos/domain/horario-funcionamento.ts';
import { LIMITES_PADRAO } from '../../espacos/domain/limites-reserva.ts';
import { MULTIPLICADORES_PADRAO } from '../../precos/domain/precificacao.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { intervalosLivres } from './intervalos-livres.ts';

/*
 * Written by hand from the published rules of each zone, so that a mistake in reading the time zone database cannot
 * confirm itself. Every night below is the one from Saturday to Sunday; the clocks of Lord Howe move half an hour.
 */
interface Noite {
  readonly fuso: string;
  /** When the clocks are switched, and from which wall time to which. */
  readonly troca: string;
  readonly antes: string;
  /** Opening windows on the wall clock, and the instants at which they open and close. */
  readonly janelas: readonly (readonly [dia: number, abre: string, fecha: string, de: string, ate: string])[];
  /** Saturday 22:00 to Sunday 04:00: one hour of peak, all of it weekend. */
  readonly noite: readonly [de: string, ate: string];
  readonly horas: number;
  /** What is left of Sunday until 06:00 after a reservation of the first hour, on a grid of 60 minutes. */
  readonly livre: readonly [de: string, ate: string];
}

const NOITES: readonly Noite[] = [
  {
    fuso: 'America/Sao_Paulo',
    troca: '2018-02-18T02:00Z',
    antes: 'Saturday 24:00 to 23:00',
    janelas: [
      [6, '20:00', '24:00', '2018-02-17T22:00Z', '2018-02-18T03:00Z'],
      [6, '20:00', '23:00', '2018-02-17T22:00Z', '2018-02-18T02:00Z'],
      [6, '23:30', '02:00', '2018-02-18T01:30Z', '2018-02-18T05:00Z'],
    ],
    noite: ['2018-02-18T00:00Z', '2018-02-18T07:00Z'],
    horas: 7,
    livre: ['2018-02-18T05:00Z', '2018-02-18T09:00Z'],
  },
  {
    fuso: 'America/Sao_Paulo',
    troca: '2018-11-04T03:00Z',
    antes: 'Sunday 00:00 to 01:00',
    janelas: [
      [6, '20:00', '24:00', '2018-11-03T23:00Z', '2018-11-04T03:00Z'],
      [7, '00:00', '06:00', '2018-11-04T03:00Z', '2018-11-04T08:00Z'],
      [7, '00:30', '06:00', '2018-11-04T03:30Z', '2018-11-04T08:00Z'],
    ],
    noite: ['2018-11-04T01:00Z', '2018-11-04T06:00Z'],
    horas: 5,
    livre: ['2018-11-04T05:00Z', '2018-11-04T08:00Z'],
  },
  {
    fuso: 'America/New_York',
    troca: '2026-03-08T07:00Z',
    antes: 'Sunday 02:00 to 03:00',
    janelas: [
      [7, '01:00', '04:00', '2026-03-08T06:00Z', '2026-03-08T08:00Z'],
      [7, '02:30', '05:00', '2026-03-08T07:30Z', '2026-03-08T09:00Z'],
      [7, '01:00', '02:30', '2026-03-08T06:00Z', '2026-03-08T07:30Z'],
    ],
    noite: ['2026-03-08T03:00Z', '2026-03-08T08:00Z'],
    horas: 5,
    livre: ['2026-03-08T07:00Z', '2026-03-08T10:00Z'],
  },
  {
    fuso: 'America/New_York',
    troca: '2026-11-01T06:00Z',
    antes: 'Sunday 02:00 to 01:00',
    janelas: [
      [7, '00:00', '02:00', '2026-11-01T04:00Z', '2026-11-01T07:00Z'],
      [7, '01:30', '03:00', '2026-11-01T05:30Z', '2026-11-01T08:00Z'],
      [7, '00:00', '01:30', '2026-11-01T04:00Z', '2026-11-01T06:30Z'],
    ],
    noite: ['2026-11-01T02:00Z', '2026-11-01T09:00Z'],
    horas: 7,
    livre: ['2026-11-01T06:00Z', '2026-11-01T11:00Z'],
  },
  {
    fuso: 'Europe/Lisbon',
    troca: '2026-03-29T01:00Z',
    antes: 'Sunday 01:00 to 02:00',
    janelas: [
      [6, '22:00', '02:00', '2026-03-28T22:00Z', '2026-03-29T01:00Z'],
      [7, '01:30', '05:00', '2026-03-29T01:30Z', '2026-03-29T04:00Z'],
    ],
    noite: ['2026-03-28T22:00Z', '2026-03-29T03:00Z'],
    horas: 5,
    livre: ['2026-03-29T02:00Z', '2026-03-29T05:00Z'],
  },
  {
    fuso: 'Europe/Lisbon',
    troca: '2026-10-25T01:00Z',
    antes: 'Sunday 02:00 to 01:00',
    janelas: [
      [6, '22:00', '02:00', '2026-10-24T21:00Z', '2026-10-25T02:00Z'],
      [7, '00:00', '01:30', '2026-10-24T23:00Z', '2026-10-25T01:30Z'],
    ],
    noite: ['2026-10-24T21:00Z', '2026-10-25T04:00Z'],
    horas: 7,
    livre: ['2026-10-25T01:00Z', '2026-10-25T06:00Z'],
  },
  {
    fuso: 'Australia/Lord_Howe',
    troca: '2026-04-04T15:00Z',
    antes: 'Sunday 02:00 to 01:30',
    janelas: [
      [7, '00:00', '04:00', '2026-04-04T13:00Z', '2026-04-04T17:30Z'],
      [7, '00:00', '01:45', '2026-04-04T13:00Z', '2026-04-04T15:15Z'],
      [7, '01:45', '04:00', '2026-04-04T14:45Z', '2026-04-04T17:30Z'],
    ],
    noite: ['2026-04-04T11:00Z', '2026-04-04T17:30Z'],
    horas: 6.5,
    // Half an hour after the switch it is 02:00 again: the full hour of the grid.
    livre: ['2026-04-04T15:30Z', '2026-04-04T19:30Z'],
  },
  {
    fuso: 'Australia/Lord_Howe',
    troca: '2026-10-03T15:30Z',
    antes: 'Sunday 02:00 to 02:30',
    janelas: [
      [7, '00:00', '04:00', '2026-10-03T13:30Z', '2026-10-03T17:00Z'],
      [7, '02:15', '04:00', '2026-10-03T15:45Z', '2026-10-03T17:00Z'],
    ],
    noite: ['2026-10-03T11:30Z', '2026-10-03T17:00Z'],
    horas: 5.5,
    // 02:00 does not come that night, so the first full hour after 01:15 is 03:00.
    livre: ['2026-10-03T16:00Z', '2026-10-03T19:00Z'],
  },
];

const DIA_MS = 86_400_000;

function entre(inicio: number | string, fim: number | string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

const emTexto = ({ inicio, fim }: PeriodoReserva) =>
  [inicio, fim].map((i) => `${i.toISOString().slice(0, 16)}Z`);

/** A day around the switch: nothing outside it is asked. */
function emVolta(troca: string): PeriodoReserva {
  return entre(Date.parse(troca) - DIA_MS, Date.parse(troca) + DIA_MS);
}

function espaco(fusoHorario: string, horarios: JanelaFuncionamento[], agora: Date): Espaco {
  const criado = Espaco.criar(
    'esp_1',
    {
      nome: 'Sala',
      tipo: 'SALA_REUNIAO',
      capacidade: 8,
      precoPorHora: Dinheiro.deCentavos(100_00),
      fusoHorario,
      horarios,
      limites: { ...LIMITES_PADRAO, antecedenciaMinimaMinutos: 0, gradeMinutos: 60 },
    },
    agora,
  );
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

describe.each(NOITES)(
  '$fuso when the clocks go from $antes',
  ({ fuso, troca, janelas, noite, horas, livre }) => {
    it.each(janelas)('opens on day %i from %s to %s at %s until %s', (diaSemana, abre, fecha, de, ate) => {
      expect(abertos(emVolta(troca), [{ diaSemana, abre, fecha }], fuso).map(emTexto)).toEqual([[de, ate]]);
    });

    it('charges the hours that pass, one of them at peak, all of them at weekend', () => {
      const periodo = entre(...noite);
      const agora = new Date(periodo.inicio.getTime() - DIA_MS);
      const { linhas } = espaco(fuso, [], agora).precificar(periodo, [], agora);
      expect(linhas.map(({ tipo, valor }) => [tipo, Number(valor.centavos)])).toEqual([
        ['HORAS', horas * 100_00],
        ['PICO', 50_00],
        [
          'FIM_DE_SEMANA',
          ((horas * 100_00 + 50_00) * (MULTIPLICADORES_PADRAO.fimDeSemanaCentesimos - 100)) / 100,
        ],
        ['LIMPEZA', 50_00],
      ]);
    });

    it('is free from the first full hour after the buffer, and every free hour can be booked', () => {
      const { inicio, fim } = emVolta(troca);
      const horarios = [{ diaSemana: 7, abre: '00:00', fecha: '06:00' }];
      const [domingo] = abertos(emVolta(troca), horarios, fuso);
      const abre = domingo?.inicio.getTime() ?? 0;
      const sala = espaco(fuso, horarios, inicio);
      const ocupacoes = [{ periodo: entre(abre, abre + 3_600_000), folgaMinutos: 15 }];
      const livres = intervalosLivres({ espaco: sala, ocupacoes, fechamentos: [] }, inicio, fim, inicio);
      expect(livres.map(emTexto)).toEqual([livre]);
      for (const periodo of livres) expect(sala.aceita(periodo, inicio)).toMatchObject({ isSuccess: true });
    });
  },
);
