import { describe, expect, it } from '@jest/globals';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  EspacoFechadoError,
  type Fechamento,
  FechamentoNaoEncontradoError,
  fechamentoEm,
  ocorrencias,
  periodoDeFechamento,
} from './fechamento.ts';

const SAO_PAULO = 'America/Sao_Paulo';

function entre(inicio: string, fim: string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

function fechamento(inicio: string, fim: string, anual = false): Fechamento {
  const periodo = entre(inicio, fim);
  return { id: 'fec_1', espacoId: 'esp_1', periodo, anual, motivo: '', criadoEm: new Date(0) };
}

function vezes(f: Fechamento, de: string, ate: string, fuso = SAO_PAULO): string[] {
  return ocorrencias(f, new Date(de), new Date(ate), fuso).map(
    ({ inicio, fim }) => `${inicio.toISOString().slice(0, 16)}/${fim.toISOString().slice(0, 16)}`,
  );
}

describe('closures', () => {
  it('close once when they are not yearly', () => {
    const umDia = fechamento('2026-06-10T03:00:00Z', '2026-06-11T03:00:00Z');
    expect(vezes(umDia, '2026-06-10T20:00:00Z', '2026-06-20T00:00:00Z')).toHaveLength(1);
    expect(vezes(umDia, '2027-06-10T00:00:00Z', '2027-06-20T00:00:00Z')).toEqual([]);
  });

  it.each([
    ['2026-06-11T03:00:00Z', '2026-06-11T05:00:00Z', false],
    ['2026-06-11T02:59:00Z', '2026-06-11T05:00:00Z', true],
    ['2026-06-10T01:00:00Z', '2026-06-10T03:00:00Z', false],
    ['2026-06-10T01:00:00Z', '2026-06-10T03:01:00Z', true],
    ['2026-06-01T00:00:00Z', '2026-06-30T00:00:00Z', true],
  ])('stand in the way of %s to %s: %p', (inicio, fim, fechado) => {
    const umDia = fechamento('2026-06-10T03:00:00Z', '2026-06-11T03:00:00Z');
    expect(fechamentoEm(entre(inicio, fim), [umDia], SAO_PAULO) === umDia).toBe(fechado);
  });

  it('come back every year on the same local dates, from their first year on', () => {
    const natal = fechamento('2026-12-25T03:00:00Z', '2026-12-26T03:00:00Z', true);
    expect(vezes(natal, '2025-01-01T00:00:00Z', '2029-01-01T00:00:00Z')).toEqual([
      '2026-12-25T03:00/2026-12-26T03:00',
      '2027-12-25T03:00/2027-12-26T03:00',
      '2028-12-25T03:00/2028-12-26T03:00',
    ]);
  });

  it('pass the turn of the year', () => {
    const ferias = fechamento('2026-12-24T03:00:00Z', '2027-01-03T03:00:00Z', true);
    expect(vezes(ferias, '2028-01-01T12:00:00Z', '2028-01-02T12:00:00Z')).toEqual([
      '2027-12-24T03:00/2028-01-03T03:00',
    ]);
  });

  it('keep the wall clock when the clocks were switched in another week of that year', () => {
    // New York: 10 March 2026 is two days after the switch to summer time, 10 March 2028 two days before.
    const feriado = fechamento('2026-03-10T04:00:00Z', '2026-03-11T04:00:00Z', true);
    expect(vezes(feriado, '2028-03-01T00:00:00Z', '2028-04-01T00:00:00Z', 'America/New_York')).toEqual([
      '2028-03-10T05:00/2028-03-11T05:00',
    ]);
  });

  it.each([
    ['that end with 28 February', '2028-02-25', '2028-02-29', '2029-02-25/2029-03-01'],
    ['of 28 February', '2028-02-28', '2028-02-29', '2029-02-28/2029-03-01'],
    ['that end with 29 February', '2028-02-28', '2028-03-01', '2029-02-28/2029-03-01'],
    ['that begin on 29 February', '2028-02-29', '2028-03-03', '2029-03-01/2029-03-03'],
    ['that end with 28 February of the year after', '2027-12-24', '2028-02-29', '2028-12-24/2029-03-01'],
  ])('close the same calendar days in a year without 29 February: those %s', (_, inicio, fim, esperado) => {
    const anual = fechamento(`${inicio}T03:00:00Z`, `${fim}T03:00:00Z`, true);
    const nesteAno = vezes(anual, '2029-01-01T12:00:00Z', '2029-11-30T00:00:00Z');
    expect(nesteAno).toEqual([esperado.replaceAll(/\d{4}-\d\d-\d\d/g, '$&T03:00')]);
  });

  it('exist in leap years only when they are of 29 February alone', () => {
    const bissexto = fechamento('2028-02-29T03:00:00Z', '2028-03-01T03:00:00Z', true);
    const aTarde = fechamento('2028-02-29T15:00:00Z', '2028-02-29T21:00:00Z', true);
    expect(vezes(bissexto, '2028-01-01T00:00:00Z', '2033-01-01T00:00:00Z')).toEqual([
      '2028-02-29T03:00/2028-03-01T03:00',
      '2032-02-29T03:00/2032-03-01T03:00',
    ]);
    expect(vezes(aTarde, '2028-01-01T00:00:00Z', '2033-01-01T00:00:00Z')).toHaveLength(2);
  });

  it('may last as long as they like once, and 364 days every year', () => {
    const inicio = new Date('2026-01-01T03:00:00Z');
    const dias = (n: number) => new Date(inicio.getTime() + n * 86_400_000);
    expect(periodoDeFechamento(inicio, dias(2000), false).isSuccess).toBe(true);
    expect(periodoDeFechamento(inicio, dias(364), true).isSuccess).toBe(true);
    const longo = periodoDeFechamento(inicio, dias(365), true);
    expect(longo.isFailure && [longo.error.motivo, longo.error.message]).toEqual([
      'PERIODO_INVALIDO',
      'Um fechamento anual pode durar no máximo 364 dias.',
    ]);
    for (const anual of [false, true]) {
      const vazio = periodoDeFechamento(inicio, inicio, anual);
      expect(vazio.isFailure && vazio.error.message).toBe('O fim deve ser depois do início.');
    }
  });

  it('last to the end of 28 February when they end within the 29th and there is none', () => {
    const bissexto = fechamento('2028-02-28T15:00:00Z', '2028-02-29T12:00:00Z', true);
    expect(vezes(bissexto, '2028-01-01T00:00:00Z', '2030-01-01T00:00:00Z')).toEqual([
      '2028-02-28T15:00/2028-02-29T12:00',
      '2029-02-28T15:00/2029-03-01T03:00',
    ]);
  });

  it('say why they close, when they know', () => {
    expect(new EspacoFechadoError('')).toMatchObject({
      motivo: 'ESPACO_FECHADO',
      message: 'O espaço está fechado neste período.',
    });
    expect(new EspacoFechadoError('reforma').message).toBe('O espaço está fechado: reforma.');
    expect(new FechamentoNaoEncontradoError()).toMatchObject({
      motivo: 'FECHAMENTO_NAO_ENCONTRADO',
      message: 'Fechamento não encontrado.',
    });
  });
});
