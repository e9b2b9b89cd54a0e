import { create, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { EventoPagamentoSchema } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { toEventoProto } from './pagamentos-mappers.ts';

const em = new Date('2026-11-24T12:00:00Z');
const valor = Dinheiro.deCentavos(10_000n);
const brl = { centavos: '10000', moeda: 'BRL' };
const cobranca = { pagamentoId: 'pag_1', reservaId: 'res_1', clienteId: 'cli_1', descricao: 'Sala' };

describe('an event of a payment as it is answered', () => {
  it.each<[PagamentoEvent, object]>([
    [{ tipo: 'CreditosPedidos', em }, {}],
    [
      { tipo: 'CobrancaCriada', ...cobranca, valor, creditos: Dinheiro.zero(), expiraEm: em, em },
      { ...cobranca, valor: brl, creditos: { moeda: 'BRL' }, expiraEm: '2026-11-24T12:00:00Z' },
    ],
    [
      {
        tipo: 'EstornoSolicitado',
        numero: 1,
        meio: 'CARTAO',
        valor,
        origem: 'ADMIN',
        motivo: 'Cortesia',
        em,
      },
      { numero: 1, meio: 'CARTAO', valor: brl, origem: 'ADMIN', motivo: 'Cortesia' },
    ],
    [
      { tipo: 'EstornoSolicitado', numero: 2, meio: 'CREDITO', valor, origem: 'EXCEDENTE', motivo: 'X', em },
      { numero: 2, meio: 'CREDITO', valor: brl, origem: 'EXCEDENTE', codigo: 'X' },
    ],
    [
      { tipo: 'EstornoFalhou', numero: 1, valor, motivo: 'declined', devolvido: false, em },
      { numero: 1, valor: brl, codigo: 'declined', devolvido: false },
    ],
    [
      { tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'fraudulent', valor, consulta: true, em },
      { disputaId: 'dp_1', codigo: 'fraudulent', valor: brl, consulta: true },
    ],
  ])('has all that it says, in fields of their own: $0.tipo', (evento, dados) => {
    const mensagem = create(EventoPagamentoSchema, toEventoProto({ versao: 1, evento }));
    const mostrado = toJson(EventoPagamentoSchema, mensagem);
    expect(mostrado).toMatchObject({ versao: 1, tipo: evento.tipo, ocorridoEm: '2026-11-24T12:00:00Z' });
    expect(mostrado).toHaveProperty('dados', dados);
  });
});
