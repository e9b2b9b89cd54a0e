import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { Espaco, type NovoEspaco } from '../../espacos/domain/espaco.ts';
import type { Fechamento } from '../../espacos/domain/fechamento.ts';
import { problemaNosHorarios } from '../../espacos/domain/horario-funcionamento.ts';
import { LIMITES_PADRAO } from '../../espacos/domain/limites-reserva.ts';
import { MINUTO_MS, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type Agenda, intervalosLivres } from './intervalos-livres.ts';

/** A Monday. */
const AGORA = new Date('2026-06-01T00:00:00Z');

function espaco(mudancas: Partial<NovoEspaco> = {}): Espaco {
  const novo: NovoEspaco = {
    nome: 'Sala',
    tipo: 'SALA_REUNIAO',
    capacidade: 8,
    precoPorHora: Dinheiro.deCentavos(100_00),
    fusoHorario: 'UTC',
    ...mudancas,
  };
  const criado = Espaco.criar('esp_1', novo, AGORA);
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

function entre(inicio: Date | string, fim: Date | string): PeriodoReserva {
  const criado = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

const das = (inicio: string, fim: string) => entre(`2026-06-02T${inicio}:00Z`, `2026-06-02T${fim}:00Z`);

function fechado(periodo: PeriodoReserva, anual = false): Fechamento {
  return { id: 'fec_1', espacoId: 'esp_1', periodo, anual, motivo: '', criadoEm: AGORA };
}

/** The free intervals of 2 June. */
function livres(agenda: Partial<Agenda>, agora = AGORA): string[] {
  const completa = { espaco: espaco(), ocupacoes: [], fechamentos: [], ...agenda };
  const { inicio, fim } = entre('2026-06-02T00:00:00Z', '2026-06-03T00:00:00Z');
  return intervalosLivres(completa, inicio, fim, agora).map(
    (livre) => `${livre.inicio.toISOString().slice(11, 16)}-${livre.fim.toISOString().slice(11, 16)}`,
  );
}

describe('free intervals', () => {
  it('are all of it when nothing is in the way', () => {
    expect(livres({})).toEqual(['00:00-00:00']);
  });

  it('leave out neighbours with the larger buffer, and closures', () => {
    const ocupacoes = [
      { periodo: das('08:00', '09:00'), folgaMinutos: 0 },
      { periodo: das('12:00', '13:00'), folgaMinutos: 60 },
    ];
    expect(livres({ ocupacoes, fechamentos: [fechado(das('18:00', '22:00'))] })).toEqual([
      '00:00-07:45',
      '09:15-11:00',
      '14:00-18:00',
      '22:00-00:00',
    ]);
  });

  it('lie in the opening hours, windows that meet being one', () => {
    const horarios = [
      { diaSemana: 1, abre: '22:00', fecha: '02:00' },
      { diaSemana: 2, abre: '08:00', fecha: '12:00' },
      { diaSemana: 2, abre: '12:00', fecha: '18:00' },
      { diaSemana: 3, abre: '08:00', fecha: '12:00' },
    ];
    expect(livres({ espaco: espaco({ horarios }) })).toEqual(['00:00-02:00', '08:00-18:00']);
  });

  it('begin after the lead time and end at the farthest day', () => {
    expect(livres({}, new Date('2026-06-02T09:50:00Z'))).toEqual(['12:00-00:00']);
    const limites = { ...LIMITES_PADRAO, antecedenciaMaximaDias: 1 };
    expect(livres({ espaco: espaco({ limites }) }, new Date('2026-06-01T05:00:00Z'))).toEqual([
      '00:00-05:00',
    ]);
  });

  it('are rounded to the grid, and too short ones are left out', () => {
    const ocupacoes = [
      { periodo: das('08:10', '09:05'), folgaMinutos: 0 },
      { periodo: das('10:20', '11:00'), folgaMinutos: 0 },
      { periodo: das('12:10', '23:30'), folgaMinutos: 0 },
    ];
    const horario = espaco({ folgaMinutos: 0 });
    expect(livres({ espaco: horario, ocupacoes })).toEqual(['00:00-08:00', '09:15-10:15', '11:00-12:00']);
  });

  it('are none in an inactive space, in the past, or too far ahead', () => {
    const inativo = espaco();
    inativo.desativar(AGORA);
    expect(livres({ espaco: inativo })).toEqual([]);
    expect(livres({}, new Date('2026-06-03T00:00:00Z'))).toEqual([]);
    expect(livres({}, new Date('2025-06-03T00:00:00Z'))).toEqual([]);
  });

  it('hold exactly the periods that could be booked', () => {
    const instante = fc
      .integer({ min: 0, max: 7 * 96 })
      .map((n) => new Date(AGORA.getTime() + n * 15 * MINUTO_MS));
    const duracao = fc.integer({ min: 1, max: 40 }).map((n) => n * 15 * MINUTO_MS);
    const periodo = fc
      .tuple(instante, duracao)
      .map(([inicio, ms]) => entre(inicio, new Date(inicio.getTime() + ms)));
    const janela = fc.record({
      diaSemana: fc.integer({ min: 1, max: 7 }),
      abre: fc.constantFrom('06:00', '08:10', '20:00'),
      fecha: fc.constantFrom('12:00', '18:50', '02:00'),
    });
    const vizinha = fc.record({ periodo, folgaMinutos: fc.constantFrom(0, 10, 60) });
    const horarios = fc
      .uniqueArray(janela, { maxLength: 7, selector: ({ diaSemana }) => diaSemana })
      .filter((janelas) => problemaNosHorarios(janelas) === undefined);
    const agendas = fc
      .record({
        horarios,
        folgaMinutos: fc.constantFrom(0, 15, 50),
        ocupacoes: fc.array(vizinha, { maxLength: 6 }),
        fechados: fc.array(periodo, { maxLength: 3 }),
        fusoHorario: fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Kathmandu'),
      })
      .map(
        ({ ocupacoes, fechados, ...novo }): Agenda => ({
          espaco: espaco({ ...novo, limites: { ...LIMITES_PADRAO, antecedenciaMinimaMinutos: 0 } }),
          ocupacoes,
          fechamentos: fechados.map((p) => fechado(p)),
        }),
      );
    const fim = new Date(AGORA.getTime() + 7 * 1440 * MINUTO_MS);
    fc.assert(
      fc.property(agendas, fc.array(periodo, { minLength: 1, maxLength: 20 }), (agenda, pedidos) => {
        const livresAgora = intervalosLivres(agenda, AGORA, fim, AGORA);
        for (const pedido of pedidos.filter((p) => p.fim <= fim)) {
          const { espaco: e, ocupacoes, fechamentos } = agenda;
          const reservavel =
            e.aceita(pedido, AGORA, fechamentos).isSuccess &&
            !ocupacoes.some((ocupacao) => pedido.conflitaCom(ocupacao, e.estado.folgaMinutos));
          const limites = e.estado.limites;
          const durou = pedido.duracaoMinutos >= limites.duracaoMinimaMinutos;
          const dentro = livresAgora.some((l) => l.inicio <= pedido.inicio && pedido.fim <= l.fim);
          expect({ pedido, livre: dentro && durou }).toEqual({ pedido, livre: reservavel });
        }
      }),
      { numRuns: 60 },
    );
  });
});
