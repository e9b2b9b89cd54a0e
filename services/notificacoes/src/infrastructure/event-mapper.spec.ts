import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { ReservaConfirmadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { PermanentError } from '@plataforma/runtime/event-message';
import { toDados } from './event-mapper.ts';

const completo = {
  reservaId: 'res_1',
  clienteId: 'cli_1',
  espacoNome: 'Sala',
  espacoEndereco: '',
  dataInicio: timestampFromDate(new Date('2026-11-24T17:00:00Z')),
  dataFim: timestampFromDate(new Date('2026-11-24T19:00:00Z')),
  fusoHorario: 'America/Sao_Paulo',
  valor: { centavos: 9_007_199_254_740_993n, moeda: 'BRL' },
  pagamentoId: 'pag_1',
  ocorridoEm: timestampFromDate(new Date('2026-11-20T12:34:56Z')),
};

const evento = (mudanca: Partial<typeof completo> = {}) =>
  create(ReservaConfirmadaSchema, { ...completo, ...mudanca });

describe('toDados', () => {
  it('survives a round trip through JSON with nothing lost', () => {
    const dados = toDados(evento());
    expect(JSON.parse(JSON.stringify(dados))).toEqual({
      reservaId: 'res_1',
      pagamentoId: 'pag_1',
      espacoNome: 'Sala',
      espacoEndereco: '',
      inicio: '2026-11-24T17:00:00.000Z',
      fim: '2026-11-24T19:00:00.000Z',
      fusoHorario: 'America/Sao_Paulo',
      valorCentavos: '9007199254740993',
      moeda: 'BRL',
      confirmadaEm: '2026-11-20T12:34:56.000Z',
    });
  });

  it.each([
    ['reservation', { reservaId: '' }],
    ['customer', { clienteId: '' }],
    ['known time zone', { fusoHorario: 'America/Atlantida' }],
    ['time zone', { fusoHorario: '' }],
    ['currency', { valor: { centavos: 1n, moeda: 'real' } }],
  ])('refuses an event for good when it has no %s', (_, mudanca) => {
    expect(() => toDados(evento(mudanca))).toThrow(PermanentError);
  });

  it.each(['dataInicio', 'dataFim', 'valor', 'ocorridoEm'] as const)(
    'refuses an event for good when it has no %s',
    (campo) => {
      const { [campo]: _, ...incompleto } = completo;
      expect(() => toDados(create(ReservaConfirmadaSchema, incompleto))).toThrow(PermanentError);
    },
  );
});
