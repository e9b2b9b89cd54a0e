import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import { NENHUMA_DISPENSA } from '../../espacos/domain/dispensas.ts';
import { Espaco, type NovoEspaco } from '../../espacos/domain/espaco.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { avaliarSerie, type Circunstancias } from './avaliar-serie.ts';
import { type AgendaDaSerie, type Ocorrencia, ocorrenciasDaSerie } from './ocorrencias-da-serie.ts';
import { type OcorrenciaImpedida, serieRecusada } from './serie-recusada.ts';

const AGORA = new Date('2026-06-02T09:00:00Z');

function sala(mudancas: Partial<NovoEspaco> = {}): Espaco {
  const dados: NovoEspaco = {
    nome: 'Sala Ipê',
    tipo: 'SALA_REUNIAO',
    capacidade: 8,
    precoPorHora: Dinheiro.deCentavos(100_00),
    ...mudancas,
  };
  const espaco = Espaco.criar('esp_1', dados, AGORA);
  if (espaco.isFailure) throw espaco.error;
  return espaco.value;
}

function ocorrencias(
  rrule: string,
  mudancas: Partial<AgendaDaSerie> = {},
  fuso = 'America/Sao_Paulo',
): Ocorrencia[] {
  const agenda = {
    inicioLocal: '2026-06-10T10:00',
    duracaoMinutos: 120,
    rrule,
    datasExcluidas: [],
    ...mudancas,
  };
  const lista = ocorrenciasDaSerie(agenda, fuso);
  if (lista.isFailure) throw lista.error;
  return lista.value;
}

function avaliar(lista: Ocorrencia[], mudancas: Partial<Circunstancias> = {}) {
  const espaco = mudancas.espaco ?? sala();
  const nada = {
    extras: [],
    ocupacoes: [],
    prometidas: new Set<PeriodoReserva>(),
    fechamentos: [],
    ativas: 0,
    pendentes: undefined,
    dispensas: NENHUMA_DISPENSA,
    agora: AGORA,
  };
  return avaliarSerie(lista, { espaco, ...nada, ...mudancas });
}

/** State and reason of each date. */
function estados(lista: Ocorrencia[], mudancas: Partial<Circunstancias> = {}): string[] {
  return avaliar(lista, mudancas).map((o) => ('recusa' in o ? `${o.estado} ${o.recusa.motivo}` : o.estado));
}

function entre(inicio: string, fim: string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

const TRES = 'FREQ=WEEKLY;COUNT=3';

describe('the dates of a series', () => {
  it('are free, excluded or taken, each with its own price', () => {
    const lista = ocorrencias('FREQ=WEEKLY;COUNT=5', { datasExcluidas: ['2026-06-24'] });
    const ocupacoes = [{ periodo: entre('2026-06-17T15:00:00Z', '2026-06-17T16:00:00Z'), folgaMinutos: 0 }];
    const avaliadas = avaliar(lista, { ocupacoes });
    expect(avaliadas.map(({ estado }) => estado)).toEqual([
      'LIVRE',
      'CONFLITO',
      'EXCLUIDA',
      'LIVRE',
      'LIVRE',
    ]);
    // More than thirty days ahead from the last date on.
    expect(avaliadas.map(({ preco }) => preco?.valor.centavos)).toEqual([
      250_00n,
      250_00n,
      250_00n,
      250_00n,
      210_00n,
    ]);
  });

  it('are refused one by one by the rules of a booking', () => {
    const fechado = {
      id: 'fec_1',
      espacoId: 'esp_1',
      periodo: entre('2026-06-17T03:00:00Z', '2026-06-18T03:00:00Z'),
      anual: false,
      motivo: 'dedetização',
      criadoEm: AGORA,
    };
    const limites = {
      antecedenciaMinimaMinutos: 120,
      antecedenciaMaximaDias: 20,
      duracaoMinimaMinutos: 60,
      duracaoMaximaMinutos: 180,
      gradeMinutos: 15,
    };
    expect(estados(ocorrencias(TRES), { espaco: sala({ limites }), fechamentos: [fechado] })).toEqual([
      'LIVRE',
      'RECUSADA ESPACO_FECHADO',
      'RECUSADA ANTECEDENCIA_MAXIMA',
    ]);
  });

  it('are refused where they cost less than can be charged, and are free where they cost nothing', () => {
    const hora = (centavos: bigint) =>
      sala({ precoPorHora: Dinheiro.deCentavos(centavos), taxaLimpeza: Dinheiro.zero() });
    const lista = ocorrencias('FREQ=WEEKLY;COUNT=2', { duracaoMinutos: 60 });
    expect(estados(lista, { espaco: hora(49n) })).toEqual(Array(2).fill('RECUSADA VALOR_ABAIXO_DO_MINIMO'));
    expect(estados(lista, { espaco: hora(0n) })).toEqual(['LIVRE', 'LIVRE']);
    expect(estados(lista, { espaco: hora(50n) })).toEqual(['LIVRE', 'LIVRE']);
  });

  it('are taken where somebody who waits is about to be offered them', () => {
    const lista = ocorrencias(TRES);
    const prometidas = new Set(lista.slice(1, 2).flatMap(({ periodo }) => periodo ?? []));
    expect(estados(lista, { prometidas })).toEqual(['LIVRE', 'CONFLITO ESPACO_INDISPONIVEL', 'LIVRE']);
  });

  it('are refused where the clocks skip their start', () => {
    const lista = ocorrencias(
      'FREQ=WEEKLY;COUNT=2',
      { inicioLocal: '2026-10-04T02:15' },
      'Australia/Lord_Howe',
    );
    const espaco = sala({ fusoHorario: 'Australia/Lord_Howe' });
    expect(estados(lista, { espaco })).toEqual(['RECUSADA HORARIO_INEXISTENTE', 'LIVRE', 'LIVRE']);
  });

  it('count for the limit of the customer, those that are taken do not', () => {
    const lista = ocorrencias('FREQ=WEEKLY;COUNT=4');
    const ocupacoes = [{ periodo: entre('2026-06-17T13:00:00Z', '2026-06-17T14:00:00Z'), folgaMinutos: 0 }];
    expect(estados(lista, { ativas: 3, ocupacoes })).toEqual([
      'LIVRE',
      'CONFLITO ESPACO_INDISPONIVEL',
      'LIVRE',
      'RECUSADA LIMITE_DE_RESERVAS',
    ]);
    const dispensas = { ...NENHUMA_DISPENSA, limite: true, motivo: 'cliente antigo' };
    expect(estados(lista, { ativas: 30, dispensas })).toEqual(['LIVRE', 'LIVRE', 'LIVRE', 'LIVRE']);
  });

  it('keep the buffer between each other', () => {
    const diaria = ocorrencias('FREQ=WEEKLY;BYDAY=WE,TH,FR;COUNT=3', { duracaoMinutos: 1440 });
    expect(estados(diaria)).toEqual(['LIVRE', 'CONFLITO ESPACO_INDISPONIVEL', 'LIVRE']);
    expect(estados(diaria, { espaco: sala({ folgaMinutos: 0 }) })).toEqual(['LIVRE', 'LIVRE', 'LIVRE']);
  });
});

describe('free dates', () => {
  it('never touch each other or what was there, whatever the series', () => {
    const dias = fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 });
    const vizinhos = fc.array(fc.integer({ min: 0, max: 90 * 24 }), { maxLength: 12 });
    let comLivres = 0;
    fc.assert(
      fc.property(
        dias,
        // In quarters of an hour, as the space is booked: others are refused before anything is compared.
        fc.integer({ min: 4, max: 96 }).map((quartos) => quartos * 15),
        vizinhos,
        fc.integer({ min: 0, max: 240 }),
        (byday, duracaoMinutos, horas, folgaMinutos) => {
          const primeiro = byday.includes('WE') ? byday : [...byday, 'WE'];
          const lista = ocorrencias(`FREQ=WEEKLY;BYDAY=${primeiro.join(',')};COUNT=20`, { duracaoMinutos });
          const ocupacoes = horas.map((hora) => {
            const inicio = new Date(AGORA.getTime() + hora * 3_600_000);
            return {
              periodo: entre(inicio.toISOString(), new Date(inicio.getTime() + 3_600_000).toISOString()),
              folgaMinutos: 15,
            };
          });
          const dispensas = { ...NENHUMA_DISPENSA, limite: true, motivo: 'prova' };
          const livres = avaliar(lista, { espaco: sala({ folgaMinutos }), ocupacoes, dispensas }).flatMap(
            (o) => (o.estado === 'LIVRE' ? [o.periodo] : []),
          );
          if (livres.length > 1) comLivres += 1;
          for (const [i, periodo] of livres.entries()) {
            const outras = livres.toSpliced(i, 1).map((outra) => ({ periodo: outra, folgaMinutos }));
            expect(cabe(periodo, [...ocupacoes, ...outras], folgaMinutos, false)).toBe(true);
          }
        },
      ),
      { numRuns: 30 },
    );
    expect(comLivres).toBeGreaterThan(0);
  });
});

describe('the refusal of a series', () => {
  const impedidas = (mudancas: Partial<Circunstancias>) =>
    avaliar(ocorrencias('FREQ=WEEKLY;COUNT=7'), mudancas).filter(
      (o): o is OcorrenciaImpedida => 'recusa' in o,
    );

  it('names every date, those that are taken first', () => {
    const ocupacoes = [{ periodo: entre('2026-06-17T13:00:00Z', '2026-06-17T14:00:00Z'), folgaMinutos: 0 }];
    const recusa = serieRecusada(impedidas({ ativas: 2, ocupacoes }), true);
    expect(recusa).toMatchObject({
      motivo: 'SERIE_COM_CONFLITOS',
      detalhes: {
        conflitos: ['2026-06-17'],
        recusas: [{ motivo: 'LIMITE_DE_RESERVAS', datas: ['2026-07-08', '2026-07-15', '2026-07-22'] }],
      },
    });
    expect(recusa.message).toContain('17/06/2026: O espaço não está livre neste período.');
    expect(recusa.message).toContain('PULAR_CONFLITOS');
  });

  it('has another reason when nobody is in the way, and names a few dates in words', () => {
    const recusa = serieRecusada(impedidas({ ativas: 5 }), false);
    expect(recusa.motivo).toBe('SERIE_COM_RECUSAS');
    expect(recusa.message).toMatch(/^10\/06\/2026: .*08\/07\/2026: .* E mais 2\. Nenhuma data/);
  });

  it('hold no more unpaid than one customer may, unless somebody else books or they cost nothing', () => {
    const limite = 'RECUSADA LIMITE_DE_PENDENTES';
    const pendentes = { reservas: 1, minutos: 60, ateQuando: undefined, largados: [] };
    const lista = ocorrencias('FREQ=WEEKLY;COUNT=4');
    expect(estados(lista, { pendentes })).toEqual(['LIVRE', 'LIVRE', limite, limite]);
    expect(estados(lista, { pendentes: undefined })).toEqual(['LIVRE', 'LIVRE', 'LIVRE', 'LIVRE']);
    const dispensas = { ...NENHUMA_DISPENSA, limite: true, motivo: 'curso' };
    expect(estados(lista, { pendentes, dispensas })).toEqual(['LIVRE', 'LIVRE', 'LIVRE', 'LIVRE']);
    const gratuita = sala({ precoPorHora: Dinheiro.zero(), taxaLimpeza: Dinheiro.zero() });
    expect(estados(lista, { pendentes, espaco: gratuita })).toEqual(['LIVRE', 'LIVRE', 'LIVRE', 'LIVRE']);
  });

  it('may not be a period that was just let go', () => {
    const largados = [{ periodo: entre('2026-06-17T13:30:00Z', '2026-06-17T14:00:00Z'), em: AGORA }];
    const pendentes = { reservas: 0, minutos: 0, ateQuando: undefined, largados };
    expect(estados(ocorrencias(TRES), { pendentes })).toEqual([
      'LIVRE',
      'RECUSADA PENDENCIA_RECENTE',
      'LIVRE',
    ]);
  });
});
