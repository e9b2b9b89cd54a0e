import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import {
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  ReservaCanceladaSchema,
  type ReservaConfirmada,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  VagaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { PermanentError } from '@plataforma/runtime/event-message';
import {
  canceladaFrom,
  cartaoRecusadoFrom,
  confirmadaFrom,
  criadaFrom,
  estornoFrom,
  expiradaFrom,
  vagaOferecidaFrom,
} from './fato-mapper.ts';

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

const toDados = (lido: ReservaConfirmada) => confirmadaFrom(lido, 2).dados;

const evento = (mudanca: Partial<typeof completo> = {}) =>
  create(ReservaConfirmadaSchema, { ...completo, ...mudanca });

describe('confirmadaFrom', () => {
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
      versao: 2,
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

describe('canceladaFrom', () => {
  const { valor: _, espacoEndereco: __, ...resto } = completo;

  it('says that nothing comes back when the event names no money', () => {
    const { versao, dados } = canceladaFrom(create(ReservaCanceladaSchema, { ...resto, pagamentoId: '' }), 3);
    expect(versao).toBe(3);
    expect(dados).toEqual({
      reservaId: 'res_1',
      espacoNome: 'Sala',
      inicio: '2026-11-24T17:00:00.000Z',
      fim: '2026-11-24T19:00:00.000Z',
      fusoHorario: 'America/Sao_Paulo',
      motivo: '',
      pagamentoId: '',
      reembolsoCentavos: '0',
      creditoCentavos: '0',
      moeda: 'BRL',
      canceladaEm: '2026-11-20T12:34:56.000Z',
      versao: 3,
    });
  });

  it('names what comes back, to the cent', () => {
    const dinheiro = (centavos: bigint) => ({ centavos, moeda: 'BRL' });
    const evento = create(ReservaCanceladaSchema, {
      ...resto,
      motivo: 'Chuva',
      reembolso: dinheiro(12_501n),
      creditoBonus: dinheiro(1_250n),
    });
    expect(canceladaFrom(evento, 3).dados).toMatchObject({
      motivo: 'Chuva',
      reembolsoCentavos: '12501',
      creditoCentavos: '1250',
    });
  });

  it.each(['dataInicio', 'dataFim', 'ocorridoEm', 'fusoHorario', 'clienteId'] as const)(
    'refuses an event for good when it has no %s',
    (campo) => {
      const { [campo]: ___, ...incompleto } = resto;
      expect(() => canceladaFrom(create(ReservaCanceladaSchema, incompleto), 3)).toThrow(PermanentError);
    },
  );
});

describe('the other facts', () => {
  const dono = { reservaId: 'res_1', clienteId: 'cli_1' };
  const pago = { ...dono, pagamentoId: 'pag_1', numero: 2 };

  it('are read from their events', () => {
    const criada = create(ReservaCriadaSchema, { ...completo, expiraEm: completo.dataInicio });
    const inicio = '2026-11-24T17:00:00.000Z';
    expect(criadaFrom(criada, 1)).toMatchObject({ expiraEm: new Date(inicio), detalhes: { inicio } });
    expect(expiradaFrom(create(ReservaExpiradaSchema, dono), 2)).toEqual({ tipo: 'EXPIRADA', versao: 2 });
    const estornado = create(EstornoConcluidoSchema, { ...pago, valor: { centavos: 5n, moeda: 'BRL' } });
    expect(estornoFrom(estornado, 'CONCLUIDO').movimento).toEqual({
      ...{ pagamentoId: 'pag_1', numero: 2, situacao: 'CONCLUIDO', valorCentavos: '5', moeda: 'BRL' },
      ...{ emCreditos: false, excedente: false, motivo: '', devolvido: false },
      pedido: { numero: 2, movimentos: 1, origem: '', valorCentavos: '5', creditosCentavos: '0' },
    });
    const falhou = create(EstornoFalhouSchema, {
      ...{ ...pago, valor: { centavos: 5n, moeda: 'BRL' }, codigo: 'declined', devolvido: true },
      pedido: { numero: 1, movimentos: 2, origem: 'ADMIN', valor: { centavos: 9n, moeda: 'BRL' } },
    });
    expect(estornoFrom(falhou, 'FALHOU').movimento).toMatchObject({
      ...{ motivo: 'declined', devolvido: true },
      pedido: { numero: 1, movimentos: 2, origem: 'ADMIN', valorCentavos: '9', creditosCentavos: '0' },
    });
  });

  it('are refused for good when nobody can be told of them', () => {
    expect(() => criadaFrom(create(ReservaCriadaSchema, completo), 1)).toThrow(PermanentError);
    expect(() => expiradaFrom(create(ReservaExpiradaSchema, { reservaId: 'res_1' }), 2)).toThrow(
      PermanentError,
    );
    expect(() => cartaoRecusadoFrom(create(PagamentoRecusadoSchema, { clienteId: 'cli_1' }), 'a')).toThrow(
      PermanentError,
    );
    expect(() => estornoFrom(create(EstornoConcluidoSchema, pago), 'CONCLUIDO')).toThrow(PermanentError);
  });
});

describe('vagaOferecidaFrom', () => {
  const oferecida = (mudanca = {}) =>
    create(VagaOferecidaSchema, { ...completo, expiraEm: completo.ocorridoEm, ...mudanca });

  it('takes price and end of the offer', () => {
    expect(vagaOferecidaFrom(oferecida())).toMatchObject({
      detalhes: { reservaId: 'res_1', espacoNome: 'Sala' },
      oferta: { valorCentavos: '9007199254740993', moeda: 'BRL', expiraEm: '2026-11-20T12:34:56.000Z' },
    });
  });

  it.each(['expiraEm', 'valor', 'dataInicio'])('gives up on an event without %s', (campo) => {
    expect(() => vagaOferecidaFrom(oferecida({ [campo]: undefined }))).toThrow(PermanentError);
  });
});
