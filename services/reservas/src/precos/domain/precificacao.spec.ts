import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type DadosDoPreco, MULTIPLICADORES_PADRAO, precificar } from './precificacao.ts';

const SAO_PAULO = 'America/Sao_Paulo';
const NOVA_YORK = 'America/New_York';

function entre(inicio: string | number, fim: string | number): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

function dados(periodo: PeriodoReserva, mudancas: Partial<DadosDoPreco> = {}): DadosDoPreco {
  return {
    precoPorHora: Dinheiro.deCentavos(100_00),
    taxaLimpeza: Dinheiro.deCentavos(50_00),
    multiplicadores: MULTIPLICADORES_PADRAO,
    fusoHorario: SAO_PAULO,
    periodo,
    extras: [],
    agora: new Date(periodo.inicio.getTime() - 86_400_000),
    ...mudancas,
  };
}

function linhas(entrada: DadosDoPreco): [string, number][] {
  return precificar(entrada).linhas.map(({ tipo, valor }) => [tipo, Number(valor.centavos)]);
}

describe('price of a reservation', () => {
  it('is hours and cleaning fee on a weekday', () => {
    const preco = precificar(dados(entre('2026-06-09T10:00:00-03:00', '2026-06-09T12:30:00-03:00')));
    expect(
      preco.linhas.map(({ tipo, descricao, valor }) => [tipo, descricao, Number(valor.centavos)]),
    ).toEqual([
      ['HORAS', '2 h 30 min a R$\u00a0100,00 por hora', 250_00],
      ['LIMPEZA', 'Taxa de limpeza', 50_00],
    ]);
    expect(Number(preco.valor.centavos)).toBe(300_00);
  });

  it('counts only the minutes inside the peak window on a Friday', () => {
    // 17:30 to 23:30 local: five of six hours are peak.
    const periodo = entre('2026-06-12T17:30:00-03:00', '2026-06-12T23:30:00-03:00');
    expect(linhas(dados(periodo))).toEqual([
      ['HORAS', 600_00],
      ['PICO', 250_00],
      ['LIMPEZA', 50_00],
    ]);
  });

  it('multiplies peak, weekend and advance in this order, all of the hourly part and nothing else', () => {
    // Friday 22:00 to Saturday 01:00: one hour of peak, one of weekend, none of both.
    const periodo = entre('2026-06-12T22:00:00-03:00', '2026-06-13T01:00:00-03:00');
    const agora = new Date('2026-05-01T00:00:00Z');
    const extras = [
      { codigo: 'PROJETOR', nome: 'Projetor', quantidade: 2, precoUnitario: Dinheiro.deCentavos(100_00) },
    ];
    expect(linhas(dados(periodo, { agora, extras }))).toEqual([
      ['HORAS', 300_00],
      ['PICO', 50_00],
      ['FIM_DE_SEMANA', 20_00],
      ['ANTECEDENCIA', -74_00],
      ['LIMPEZA', 50_00],
      ['EXTRA', 200_00],
    ]);
  });

  it('multiplies peak and weekend together on a Saturday evening, and explains each line', () => {
    // 1 h before the window, 2 h in it: (100 + 2 x 150) x 1.2
    const preco = precificar(dados(entre('2026-06-13T17:00:00-03:00', '2026-06-13T20:00:00-03:00')));
    expect(preco.linhas.map(({ descricao, valor }) => [descricao, Number(valor.centavos)])).toEqual([
      ['3 h a R$\u00a0100,00 por hora', 300_00],
      ['Horário de pico (sexta e sábado, 18h às 23h): 2 h × 1,5', 100_00],
      ['Fim de semana: 3 h × 1,2', 80_00],
      ['Taxa de limpeza', 50_00],
    ]);
  });

  it('explains the advance discount and the add-ons', () => {
    const agora = new Date('2026-05-01T00:00:00Z');
    const extras = [
      { codigo: 'CAFE', nome: 'Café', quantidade: 2, precoUnitario: Dinheiro.deCentavos(200_00) },
    ];
    const periodo = entre('2026-06-09T10:00:00-03:00', '2026-06-09T11:00:00-03:00');
    expect(precificar(dados(periodo, { agora, extras })).linhas.map(({ descricao }) => descricao)).toEqual([
      '1 h a R$\u00a0100,00 por hora',
      'Mais de 30 dias de antecedência: horas × 0,8',
      'Taxa de limpeza',
      'Café: 2 × R$\u00a0200,00',
    ]);
  });

  it('has no peak on a Sunday evening', () => {
    const periodo = entre('2026-06-14T19:00:00-03:00', '2026-06-14T21:00:00-03:00');
    expect(linhas(dados(periodo)).map(([tipo]) => tipo)).toEqual(['HORAS', 'FIM_DE_SEMANA', 'LIMPEZA']);
  });

  it.each([
    ['exactly 30 days', 0, false],
    ['a millisecond more than 30 days', 1, true],
  ])('gives the advance discount: %s ahead', (_, extraMs, esperado) => {
    const periodo = entre('2026-06-09T10:00:00-03:00', '2026-06-09T12:00:00-03:00');
    const agora = new Date(periodo.inicio.getTime() - 30 * 86_400_000 - extraMs);
    expect(linhas(dados(periodo, { agora })).some(([tipo]) => tipo === 'ANTECEDENCIA')).toBe(esperado);
  });

  it('leaves out what is switched off', () => {
    const multiplicadores = { picoCentesimos: 100, fimDeSemanaCentesimos: 100, antecedenciaCentesimos: 100 };
    const agora = new Date('2026-01-01T00:00:00Z');
    const periodo = entre('2026-06-13T19:00:00-03:00', '2026-06-13T20:00:00-03:00');
    const taxaLimpeza = Dinheiro.zero();
    expect(linhas(dados(periodo, { multiplicadores, agora, taxaLimpeza }))).toEqual([['HORAS', 100_00]]);
  });

  it('reads the wall clock of the space: the same instants are peak in one zone only', () => {
    const periodo = entre('2026-06-12T21:00:00Z', '2026-06-12T22:00:00Z');
    expect(linhas(dados(periodo)).map(([tipo]) => tipo)).toContain('PICO');
    expect(linhas(dados(periodo, { fusoHorario: NOVA_YORK })).map(([tipo]) => tipo)).not.toContain('PICO');
  });

  it('charges the time that passes on the day the clocks go forward', () => {
    // New York, Sunday 2026-03-08: from 01:00 to 04:00 on the clock only two hours pass.
    const periodo = entre('2026-03-08T01:00:00-05:00', '2026-03-08T04:00:00-04:00');
    expect(linhas(dados(periodo, { fusoHorario: NOVA_YORK }))).toEqual([
      ['HORAS', 200_00],
      ['FIM_DE_SEMANA', 40_00],
      ['LIMPEZA', 50_00],
    ]);
  });

  it('charges the time that passes on the day the clocks go back', () => {
    // New York, Sunday 2026-11-01: 00:00 to 03:00 on the clock are four hours; the first hour is before midnight.
    const periodo = entre('2026-10-31T23:00:00-04:00', '2026-11-01T03:00:00-05:00');
    expect(periodo.duracaoMinutos).toBe(5 * 60);
    expect(linhas(dados(periodo, { fusoHorario: NOVA_YORK }))).toEqual([
      ['HORAS', 500_00],
      ['FIM_DE_SEMANA', 100_00],
      ['LIMPEZA', 50_00],
    ]);
  });

  it('finds midnight where the clocks skip it', () => {
    // São Paulo, Sunday 2018-11-04: after Saturday 23:59 came 01:00. From 22:00 to 02:00 three hours pass.
    const periodo = entre('2018-11-03T22:00:00-03:00', '2018-11-04T02:00:00-02:00');
    expect(linhas(dados(periodo))).toEqual([
      ['HORAS', 300_00],
      ['PICO', 50_00],
      ['FIM_DE_SEMANA', 70_00],
      ['LIMPEZA', 50_00],
    ]);
  });

  it('rounds each subtotal once, half up', () => {
    // 90 min at 0.33: 0.495 -> 0.50. On a Saturday x 1.2 = 0.594 -> 0.59, so the line is the difference.
    const periodo = entre('2026-06-13T10:00:00-03:00', '2026-06-13T11:30:00-03:00');
    const entrada = dados(periodo, { precoPorHora: Dinheiro.deCentavos(33), taxaLimpeza: Dinheiro.zero() });
    expect(linhas(entrada)).toEqual([
      ['HORAS', 50],
      ['FIM_DE_SEMANA', 9],
    ]);
  });
});

const INICIO = Date.parse('2026-01-01T00:00:00Z');
const minutos = fc.integer({ min: 0, max: 365 * 1440 });
const duracao = fc.integer({ min: 2, max: 1440 });
const fuso = fc.constantFrom(SAO_PAULO, NOVA_YORK, 'Europe/Lisbon', 'Australia/Lord_Howe', 'Asia/Kathmandu');
const centesimos = fc.integer({ min: 1, max: 300 });
const multiplicadores = fc.record({
  picoCentesimos: centesimos,
  fimDeSemanaCentesimos: centesimos,
  antecedenciaCentesimos: centesimos,
});

describe('properties of a price', () => {
  it('the lines add up, and the sum is the exact price rounded once', () => {
    const preco = fc.bigInt({ min: 1n, max: 1_000_000n });
    fc.assert(
      fc.property(
        minutos,
        duracao,
        fuso,
        multiplicadores,
        preco,
        fc.boolean(),
        (inicio, dura, zona, multi, centavos, antes) => {
          const periodo = entre(INICIO + inicio * 60_000, INICIO + (inicio + dura) * 60_000);
          const agora = new Date(periodo.inicio.getTime() - (antes ? 40 : 1) * 86_400_000);
          const precoPorHora = Dinheiro.deCentavos(centavos);
          const taxaLimpeza = Dinheiro.zero();
          const entrada = dados(periodo, {
            precoPorHora,
            taxaLimpeza,
            multiplicadores: multi,
            fusoHorario: zona,
            agora,
          });
          const calculado = precificar(entrada);
          const soma = calculado.linhas.reduce((total, { valor }) => total + valor.centavos, 0n);
          expect(calculado.valor.centavos).toBe(soma);
          expect(soma).toBe(minutoAMinuto(entrada));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a period costs as much as its two parts when nothing has to be rounded', () => {
    /** Long ones, too, whose hours do not all cost the same. */
    const longas = fc.oneof(duracao, fc.integer({ min: 600, max: 1440 }));
    let desiguais = 0;
    const semArredondar = fc.integer({ min: 1, max: 500 }).map((n) => Dinheiro.deCentavos(n * 600_000));
    fc.assert(
      fc.property(
        minutos,
        longas,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fuso,
        semArredondar,
        (inicio, dura, corte, zona, precoPorHora) => {
          const agora = new Date(INICIO - 86_400_000);
          const em = (minuto: number) => INICIO + (inicio + minuto) * 60_000;
          const meio = Math.min(dura - 1, Math.max(1, Math.round(dura * corte)));
          const valor = (de: number, ate: number) => {
            const multi = { ...MULTIPLICADORES_PADRAO, antecedenciaCentesimos: 100 };
            const fixos = {
              precoPorHora,
              taxaLimpeza: Dinheiro.zero(),
              fusoHorario: zona,
              agora,
              multiplicadores: multi,
            };
            return precificar(dados(entre(em(de), em(ate)), fixos)).valor.centavos;
          };
          const [antes, depois] = [valor(0, meio), valor(meio, dura)];
          if (antes * BigInt(dura - meio) !== depois * BigInt(meio)) desiguais += 1;
          expect(valor(0, dura)).toBe(antes + depois);
        },
      ),
      { numRuns: 100 },
    );
    expect(desiguais).toBeGreaterThan(5);
  });
});

/** The rule done the slow way, with the wall clock of Intl. */
function minutoAMinuto({
  periodo,
  fusoHorario,
  multiplicadores: m,
  precoPorHora,
  agora,
}: DadosDoPreco): bigint {
  const relogio = new Intl.DateTimeFormat('en-US', {
    timeZone: fusoHorario,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const antecipada = periodo.inicio.getTime() - agora.getTime() > 30 * 86_400_000;
  let peso = 0n;
  for (let t = periodo.inicio.getTime(); t < periodo.fim.getTime(); t += 60_000) {
    const partes = Object.fromEntries(relogio.formatToParts(t).map(({ type, value }) => [type, value]));
    const hora = Number(partes.hour);
    const pico = (partes.weekday === 'Fri' || partes.weekday === 'Sat') && hora >= 18 && hora < 23;
    const fimDeSemana = partes.weekday === 'Sat' || partes.weekday === 'Sun';
    peso +=
      BigInt(pico ? m.picoCentesimos : 100) *
      BigInt(fimDeSemana ? m.fimDeSemanaCentesimos : 100) *
      BigInt(antecipada ? m.antecedenciaCentesimos : 100);
  }
  return precoPorHora.multiplicarFracao(peso, 60n * 1_000_000n).centavos;
}
