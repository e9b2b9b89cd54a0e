import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { decode, encode, type Passo, VERSAO_ESQUEMA } from './event-codec.ts';

const em = new Date('2026-11-24T12:00:00.123Z');
const expiraEm = new Date('2026-11-24T12:35:00Z');
/** More cents than a JSON number holds. */
const valor = Dinheiro.deCentavos(2n ** 60n + 1n);

const EVENTOS: PagamentoEvent[] = [
  {
    tipo: 'CobrancaCriada',
    pagamentoId: 'pag_1',
    reservaId: 'res_1',
    clienteId: 'cli_1',
    valor,
    creditos: Dinheiro.zero(),
    descricao: 'Sala "Azul" ção',
    expiraEm,
    em,
  },
  { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm, em },
  { tipo: 'CheckoutAberto', tentativa: 1, sessaoId: 'cs_1', checkoutUrl: 'https://c', expiraEm, em },
  { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'card_declined', em },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em },
  { tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em },
  {
    tipo: 'CobrancaImpedida',
    pagamentoId: 'pag_1',
    reservaId: 'res_1',
    clienteId: 'cli_1',
    valor: Dinheiro.zero(),
    motivo: 'RESERVA_EXPIRANDO',
    pedido: 3,
    em,
  },
  { tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_CANCELADA', pedido: 3, em },
  { tipo: 'EncerramentoRespondido', pedido: 4, em },
  { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, origem: 'ADMIN', motivo: 'cortesia', em },
  { tipo: 'EstornoPendente', numero: 1, refundId: 're_1', em },
  { tipo: 'EstornoConcluido', numero: 1, refundId: 're_1', valor, em },
  { tipo: 'EstornoFalhou', numero: 1, refundId: 're_1', valor, motivo: 'declined', devolvido: true, em },
  { tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'fraudulent', valor, em },
  { tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado: 'won', em },
];

const armazenado = (evento: PagamentoEvent) => ({
  tipo: evento.tipo,
  versao_esquema: VERSAO_ESQUEMA,
  dados: JSON.parse(encode(evento)),
  ocorrido_em: evento.em,
});

describe('event codec', () => {
  it.each(EVENTOS)('gives $tipo back unchanged', (evento) => {
    expect(decode(armazenado(evento))).toEqual(evento);
  });

  it('stores cents as text', () => {
    expect(armazenado({ tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em }).dados).toEqual({
      intencaoId: 'pi_1',
      valor: { centavos: '1152921504606846977', moeda: 'BRL' },
    });
  });

  it('reads an old event through the steps to the shape of today', () => {
    const row = {
      ...armazenado({ tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'x', em }),
      versao_esquema: 1,
    };
    const passos: Passo[] = [
      (tipo, dados) => (tipo === 'CartaoRecusado' ? { ...dados, codigo: `${dados.codigo}-2` } : dados),
      (_, dados) => ({ ...dados, codigo: `${dados.codigo}-3` }),
    ];
    expect(decode(row, passos)).toMatchObject({ codigo: 'x-2-3' });
    expect(decode({ ...row, versao_esquema: 2 }, passos)).toMatchObject({ codigo: 'x-3' });
    expect(decode({ ...row, versao_esquema: 3 }, passos)).toMatchObject({ codigo: 'x' });
    expect(() => decode({ ...row, versao_esquema: 4 }, passos)).toThrow('unknown to this version');
  });

  it('reads what was stored before credit could pay as paid by card and refunded to it', () => {
    const antes = (evento: PagamentoEvent, campo: string) => {
      const { [campo]: _, ...dados } = armazenado(evento).dados;
      return decode({ ...armazenado(evento), dados, versao_esquema: 1 });
    };
    const criada = EVENTOS.find(({ tipo }) => tipo === 'CobrancaCriada') as PagamentoEvent;
    const solicitado = EVENTOS.find(({ tipo }) => tipo === 'EstornoSolicitado') as PagamentoEvent;
    expect(antes(criada, 'creditos')).toEqual({ ...criada, creditos: Dinheiro.zero() });
    expect(antes(solicitado, 'meio')).toEqual({ ...solicitado, meio: 'CARTAO' });
  });

  it('refuses an unknown type and an unknown schema version', () => {
    const row = armazenado({ tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em });
    expect(() => decode({ ...row, tipo: 'Outro' })).toThrow('unknown to this version');
    expect(() => decode({ ...row, tipo: 'toString' })).toThrow('unknown to this version');
    expect(() => decode({ ...row, versao_esquema: VERSAO_ESQUEMA + 1 })).toThrow('unknown to this version');
  });
});
