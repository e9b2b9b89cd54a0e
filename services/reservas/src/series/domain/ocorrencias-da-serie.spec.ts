import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { horaLocal } from '../../tempo/domain/hora-local.ts';
import { type AgendaDaSerie, ocorrenciasDaSerie } from './ocorrencias-da-serie.ts';
import { MAXIMO_OCORRENCIAS } from './recorrencia.ts';

const SAO_PAULO = 'America/Sao_Paulo';
const NOVA_YORK = 'America/New_York';

function agenda(inicioLocal: string, rrule: string, mudancas: Partial<AgendaDaSerie> = {}): AgendaDaSerie {
  return { inicioLocal, rrule, duracaoMinutos: 60, datasExcluidas: [], ...mudancas };
}

/** Date and first instant of each occurrence, `-` where the start does not exist. */
function datas(pedido: AgendaDaSerie, fuso = SAO_PAULO): string[] {
  const ocorrencias = ocorrenciasDaSerie(pedido, fuso);
  if (ocorrencias.isFailure) throw ocorrencias.error;
  return ocorrencias.value.map(({ data, periodo }) => {
    const inicio = periodo?.inicio.toISOString().replace(':00.000Z', 'Z') ?? '-';
    return `${data} ${inicio}`;
  });
}

/** The part that is refused. */
function recusada(pedido: AgendaDaSerie, fuso = SAO_PAULO): unknown {
  const ocorrencias = ocorrenciasDaSerie(pedido, fuso);
  return ocorrencias.isFailure ? ocorrencias.error.detalhes.parte : undefined;
}

describe('a weekly series across a switch of the clocks', () => {
  it('keeps 09:00 in São Paulo when summer time begins', () => {
    expect(datas(agenda('2018-10-27T09:00', 'FREQ=WEEKLY;COUNT=3'))).toEqual([
      '2018-10-27 2018-10-27T12:00Z',
      '2018-11-03 2018-11-03T12:00Z',
      '2018-11-10 2018-11-10T11:00Z',
    ]);
  });

  it('shows the midnight that São Paulo skips, and does not count it', () => {
    expect(datas(agenda('2018-10-28T00:00', 'FREQ=WEEKLY;COUNT=3'))).toEqual([
      '2018-10-28 2018-10-28T03:00Z',
      '2018-11-04 -',
      '2018-11-11 2018-11-11T02:00Z',
      '2018-11-18 2018-11-18T02:00Z',
    ]);
  });

  it('means the first 23:30 when São Paulo has two of them', () => {
    expect(datas(agenda('2018-02-10T23:30', 'FREQ=WEEKLY;COUNT=3'))).toEqual([
      '2018-02-10 2018-02-11T01:30Z',
      '2018-02-17 2018-02-18T01:30Z',
      '2018-02-24 2018-02-25T02:30Z',
    ]);
  });

  it('skips 02:30 in New York in spring and means the first 01:30 in autumn', () => {
    expect(datas(agenda('2026-03-01T02:30', 'FREQ=WEEKLY;UNTIL=20260315'), NOVA_YORK)).toEqual([
      '2026-03-01 2026-03-01T07:30Z',
      '2026-03-08 -',
      '2026-03-15 2026-03-15T06:30Z',
    ]);
    expect(datas(agenda('2026-10-25T01:30', 'FREQ=WEEKLY;COUNT=3'), NOVA_YORK)).toEqual([
      '2026-10-25 2026-10-25T05:30Z',
      '2026-11-01 2026-11-01T05:30Z',
      '2026-11-08 2026-11-08T06:30Z',
    ]);
  });

  it('keeps its length through the night of the switch', () => {
    const [, noite] =
      ocorrencias(agenda('2026-02-28T23:00', 'FREQ=WEEKLY;COUNT=2', { duracaoMinutos: 240 }), NOVA_YORK) ??
      [];
    expect(noite?.periodo?.fim).toEqual(new Date('2026-03-08T08:00:00Z'));
  });

  it('follows the half hour of Lord Howe', () => {
    const lordHowe = 'Australia/Lord_Howe';
    expect(datas(agenda('2026-09-27T09:00', 'FREQ=WEEKLY;COUNT=2'), lordHowe)).toEqual([
      '2026-09-27 2026-09-26T22:30Z',
      '2026-10-04 2026-10-03T22:00Z',
    ]);
    expect(datas(agenda('2026-09-27T02:15', 'FREQ=WEEKLY;UNTIL=20261004'), lordHowe)).toEqual([
      '2026-09-27 2026-09-26T15:45Z',
      '2026-10-04 -',
    ]);
  });
});

describe('a monthly series', () => {
  it('keeps 19:00 in São Paulo on the same day of the month through the year 2018', () => {
    expect(datas(agenda('2018-01-15T19:00', 'FREQ=MONTHLY;INTERVAL=3;COUNT=4'))).toEqual([
      '2018-01-15 2018-01-15T21:00Z',
      '2018-04-15 2018-04-15T22:00Z',
      '2018-07-15 2018-07-15T22:00Z',
      '2018-10-15 2018-10-15T22:00Z',
    ]);
  });

  it('falls on last Sundays, of which Lisbon skips 01:30 in March', () => {
    expect(datas(agenda('2026-02-22T01:30', 'FREQ=MONTHLY;BYDAY=-1SU;COUNT=2'), 'Europe/Lisbon')).toEqual([
      '2026-02-22 2026-02-22T01:30Z',
      '2026-03-29 -',
      '2026-04-26 2026-04-26T00:30Z',
    ]);
  });

  it.each([
    ['the last Friday', '2026-06-26', 'BYDAY=-1FR', ['2026-06-26', '2026-07-31', '2026-08-28']],
    ['the second Tuesday', '2026-06-09', 'BYDAY=2TU', ['2026-06-09', '2026-07-14', '2026-08-11']],
    [
      'the 31st, which short months do not have',
      '2026-01-31',
      'BYMONTHDAY=31',
      ['2026-01-31', '2026-03-31', '2026-05-31'],
    ],
    ['the 31st of the first date', '2026-01-31', 'INTERVAL=1', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['the last day', '2026-01-31', 'BYMONTHDAY=-1', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['Fridays the 13th', '2026-02-13', 'BYDAY=FR;BYMONTHDAY=13', ['2026-02-13', '2026-03-13', '2026-11-13']],
  ])('falls on %s', (_titulo, primeira, parte, esperadas) => {
    const rrule = `FREQ=MONTHLY;${parte};COUNT=3`;
    expect(datas(agenda(`${primeira}T09:00`, rrule)).map((texto) => texto.slice(0, 10))).toEqual(esperadas);
  });
});

describe('the end of a series', () => {
  const dias = (rrule: string, inicio = '2026-06-10T09:00') =>
    datas(agenda(inicio, rrule)).map((texto) => texto.slice(5, 10));

  it('is inclusive, as a local date and as an instant', () => {
    expect(dias('FREQ=WEEKLY;UNTIL=20260624')).toEqual(['06-10', '06-17', '06-24']);
    expect(dias('FREQ=WEEKLY;UNTIL=20260623')).toEqual(['06-10', '06-17']);
    expect(dias('FREQ=WEEKLY;UNTIL=20260624T120000Z')).toEqual(['06-10', '06-17', '06-24']);
    expect(dias('FREQ=WEEKLY;UNTIL=20260624T115959Z')).toEqual(['06-10', '06-17']);
  });

  it('takes the date of the place, not of UTC', () => {
    expect(dias('FREQ=WEEKLY;UNTIL=20260624', '2026-06-10T22:30')).toEqual(['06-10', '06-17', '06-24']);
  });

  it('respects the first day of the week in rules of every other week', () => {
    const regra = 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4';
    expect(dias(regra, '2026-08-04T09:00')).toEqual(['08-04', '08-09', '08-18', '08-23']);
    expect(dias(`${regra};WKST=SU`, '2026-08-04T09:00')).toEqual(['08-04', '08-16', '08-18', '08-30']);
  });

  it.each([
    ['COUNT', 'FREQ=MONTHLY;COUNT=52'],
    ['UNTIL', 'FREQ=WEEKLY;UNTIL=99991231'],
    ['UNTIL', 'FREQ=WEEKLY;BYDAY=WE,FR;UNTIL=20270601'],
    ['UNTIL', 'FREQ=WEEKLY;UNTIL=20260609'],
    ['inicioLocal', 'FREQ=WEEKLY;BYDAY=TH;COUNT=2'],
  ])('is refused in %s when the rule is %s', (parte, rrule) => {
    expect(recusada(agenda('2026-06-10T09:00', rrule))).toBe(parte);
  });
});

describe('excluded dates', () => {
  const semanal = 'FREQ=WEEKLY;COUNT=3';

  it('keep their number and count for COUNT', () => {
    const pedido = agenda('2026-06-10T09:00', semanal, { datasExcluidas: ['2026-06-17'] });
    expect(ocorrencias(pedido)).toMatchObject([
      { numero: 1, data: '2026-06-10', excluida: false },
      { numero: 2, data: '2026-06-17', excluida: true },
      { numero: 3, data: '2026-06-24', excluida: false },
    ]);
  });

  it('are dates of the series, and not all of them', () => {
    const com = (datasExcluidas: string[]) => agenda('2026-06-10T09:00', semanal, { datasExcluidas });
    expect(recusada(com(['2026-06-18']))).toBe('datasExcluidas');
    expect(recusada(com(['2026-06-10', '2026-06-17', '2026-06-24']))).toBe('datasExcluidas');
  });
});

describe('the first start', () => {
  it.each([
    '2026-02-30T09:00',
    '2026-06-10T24:00',
    '2026-06-10 09:00',
    '2026-06-10T09:00Z',
    '',
    '9999-12-31T09:00',
  ])('is refused when it is "%s"', (inicioLocal) => {
    expect(recusada(agenda(inicioLocal, 'FREQ=WEEKLY;COUNT=2'))).toBe('inicioLocal');
  });

  it.each([0, -60, 1441, 1.5, Number.NaN])('is refused with a length of %d minutes', (duracaoMinutos) => {
    expect(recusada(agenda('2026-06-10T09:00', 'FREQ=WEEKLY;COUNT=2', { duracaoMinutos }))).toBe(
      'duracaoMinutos',
    );
  });
});

describe('every series', () => {
  const fusos = fc.constantFrom(
    SAO_PAULO,
    NOVA_YORK,
    'Europe/Lisbon',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const inicios = fc
    .tuple(fc.integer({ min: 0, max: 364 }), fc.integer({ min: 0, max: 95 }))
    .map(([dia, quarto]) => new Date(Date.UTC(2026, 0, 1 + dia, 0, quarto * 15)).toISOString().slice(0, 16));
  /** Rules that end within two years, short months or not. */
  const regras = fc.constantFrom('WEEKLY', 'MONTHLY').chain((freq) =>
    fc.integer({ min: 1, max: 6 }).chain((intervalo) => {
      const max = Math.floor((freq === 'WEEKLY' ? MAXIMO_OCORRENCIAS : 12) / intervalo);
      return fc
        .integer({ min: 1, max })
        .map((vezes) => ({ vezes, rrule: `FREQ=${freq};INTERVAL=${intervalo};COUNT=${vezes}` }));
    }),
  );

  it('keeps its wall time and its length, and never overlaps itself', () => {
    fc.assert(
      fc.property(
        inicios,
        regras,
        fusos,
        fc.integer({ min: 15, max: 1440 }),
        (inicio, { vezes, rrule }, fuso, duracaoMinutos) => {
          const lista = ocorrencias(agenda(inicio, rrule, { duracaoMinutos }), fuso);
          // A 31st every so many months may not come often enough within two years.
          fc.pre(lista !== undefined);
          const periodos = lista.flatMap(({ periodo }) => periodo ?? []);
          const minuto = Number(inicio.slice(11, 13)) * 60 + Number(inicio.slice(14));
          expect(periodos.map((periodo) => horaLocal(periodo.inicio, fuso).minutoDoDia)).toEqual(
            Array(vezes).fill(minuto),
          );
          expect(new Set(periodos.map((periodo) => periodo.duracaoMinutos))).toEqual(
            new Set([duracaoMinutos]),
          );
          expect(periodos.some(({ inicio: seguinte }, i) => seguinte < (periodos[i - 1]?.fim ?? 0))).toBe(
            false,
          );
        },
      ),
    );
  });

  it('is an answer or a refusal, whatever the text, and never more dates than allowed', () => {
    const numeros = fc.oneof(
      fc.integer(),
      fc.constantFrom('1000000000', '9999', '99991231', '00000000', 'T', '-1FR'),
    );
    const nomes = fc.constantFrom(
      'FREQ',
      'INTERVAL',
      'BYDAY',
      'BYMONTHDAY',
      'COUNT',
      'UNTIL',
      'WKST',
      'BYSETPOS',
      'x',
    );
    const valores = fc.oneof(
      numeros.map(String),
      fc.constantFrom('WEEKLY', 'MONTHLY', 'SECONDLY', 'MO', '5SU', '31', '2'),
    );
    const partes = fc.tuple(nomes, valores).map(([nome, valor]) => `${nome}=${valor}`);
    const textos = fc.oneof(
      fc.string({ maxLength: 400 }),
      fc.array(partes, { maxLength: 6 }).map((lista) => lista.join(';')),
      fc.array(partes, { maxLength: 4 }).map((lista) => ['FREQ=MONTHLY', ...lista].join(';')),
      regras.map(({ rrule }) => rrule),
      fc.tuple(regras, partes).map(([{ rrule }, parte]) => `${rrule};${parte}`),
    );
    let lidas = 0;
    fc.assert(
      fc.property(textos, inicios, (rrule, inicio) => {
        const resposta = ocorrenciasDaSerie(agenda(inicio, rrule), NOVA_YORK);
        if (resposta.isSuccess) {
          lidas += 1;
          expect(resposta.value.length).toBeLessThan(MAXIMO_OCORRENCIAS + 8);
        } else expect(resposta.error.motivo).toBe('RECORRENCIA_INVALIDA');
      }),
      { numRuns: 500 },
    );
    expect(lidas).toBeGreaterThan(50);
  });
});

function ocorrencias(pedido: AgendaDaSerie, fuso = SAO_PAULO) {
  const lidas = ocorrenciasDaSerie(pedido, fuso);
  return lidas.isSuccess ? lidas.value : undefined;
}
