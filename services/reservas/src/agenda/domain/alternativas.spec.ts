import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Espaco, type NovoEspaco } from '../../espacos/domain/espaco.ts';
import { LIMITES_PADRAO } from '../../espacos/domain/limites-reserva.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { alternativas, EspacoIndisponivelError } from './alternativas.ts';

const AGORA = new Date('2026-06-01T00:00:00Z');

function das(inicio: string, fim: string): PeriodoReserva {
  const criado = PeriodoReserva.create(
    new Date(`2026-06-02T${inicio}:00Z`),
    new Date(`2026-06-02T${fim}:00Z`),
  );
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

function espaco(mudancas: Partial<NovoEspaco> = {}): Espaco {
  const precoPorHora = Dinheiro.deCentavos(100_00);
  const novo = {
    nome: 'Sala',
    tipo: 'SALA_REUNIAO',
    capacidade: 8,
    precoPorHora,
    fusoHorario: 'UTC',
    ...mudancas,
  } as const;
  const criado = Espaco.criar('esp_1', novo, AGORA);
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

function horas(periodos: readonly PeriodoReserva[]): string[] {
  return periodos.map(
    ({ inicio, fim }) => `${inicio.toISOString().slice(11, 16)}-${fim.toISOString().slice(11, 16)}`,
  );
}

describe('alternatives', () => {
  it('are free and the nearest that are, in a week with a thousand reservations', () => {
    const entre = (de: number, ate: number) => {
      const minuto = (n: number) => new Date(Date.parse('2026-06-02T00:00:00Z') + n * 60_000);
      const feito = PeriodoReserva.create(minuto(de), minuto(ate));
      if (feito.isFailure) throw feito.error;
      return feito.value;
    };
    const limites = { ...LIMITES_PADRAO, duracaoMinimaMinutos: 5, gradeMinutos: 5 };
    const quadra = espaco({ folgaMinutos: 0, limites });
    // Ten minutes taken, five free: what lasts ten fits only where somebody is missing, or has five minutes less.
    const semana = Array.from({ length: 1_000 }, (_, n) => ({
      periodo: entre(n * 15, n * 15 + (n === 700 ? 5 : 10)),
      folgaMinutos: 0,
    })).filter((_, n) => n !== 480);
    const achadas = alternativas(entre(7_500, 7_510), quadra, semana, AGORA);
    expect(achadas).toEqual([entre(7_205, 7_215), entre(7_195, 7_205), entre(10_505, 10_515)]);
  });

  const ocupadas = [
    { periodo: das('10:00', '12:00'), folgaMinutos: 15 },
    { periodo: das('13:00', '14:00'), folgaMinutos: 15 },
  ];

  it('are the nearest free periods of the same length, buffers kept', () => {
    expect(horas(alternativas(das('11:00', '12:00'), espaco(), ocupadas, AGORA))).toEqual([
      '08:45-09:45',
      '14:15-15:15',
    ]);
  });

  it('fall on the grid when a buffer ends off it', () => {
    const sala = espaco({ folgaMinutos: 10 });
    const vizinha = [{ periodo: das('10:00', '12:00'), folgaMinutos: 10 }];
    expect(horas(alternativas(das('11:00', '12:00'), sala, vizinha, AGORA))).toEqual([
      '12:15-13:15',
      '08:45-09:45',
    ]);
  });

  it('are the three nearest, whatever the order of the neighbours', () => {
    const vizinhas = [
      { periodo: das('18:00', '19:00'), folgaMinutos: 0 },
      { periodo: das('06:00', '07:00'), folgaMinutos: 60 },
      { periodo: das('11:00', '13:00'), folgaMinutos: 0 },
    ];
    const sala = espaco({ folgaMinutos: 15 });
    expect(horas(alternativas(das('11:00', '12:00'), sala, vizinhas, AGORA))).toEqual([
      '09:45-10:45',
      '13:15-14:15',
      '08:00-09:00',
    ]);
  });

  it('leave out what the space would not take', () => {
    const aberta = espaco({ horarios: [{ diaSemana: 2, abre: '10:00', fecha: '18:00' }] });
    expect(horas(alternativas(das('11:00', '12:00'), aberta, ocupadas, AGORA))).toEqual(['14:15-15:15']);
  });

  it('are told in the details of the refusal', () => {
    const erro = new EspacoIndisponivelError([das('08:45', '09:45'), das('14:15', '15:15')]);
    expect([erro.motivo, erro.message]).toEqual([
      'ESPACO_INDISPONIVEL',
      'O espaço não está livre neste período.',
    ]);
    expect(erro.detalhes).toEqual({
      alternativas: [
        { dataInicio: '2026-06-02T08:45:00Z', dataFim: '2026-06-02T09:45:00Z' },
        { dataInicio: '2026-06-02T14:15:00Z', dataFim: '2026-06-02T15:15:00Z' },
      ],
    });
    expect(new EspacoIndisponivelError().detalhes).toEqual({});
  });
});
