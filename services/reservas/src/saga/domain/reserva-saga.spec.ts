import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { reservaSaga } from './reserva-saga.ts';

const RESERVA = { reservaId: 'res_1' };
const PAGAMENTO = { ...RESERVA, pagamentoId: 'pag_1' };

describe('booking saga', () => {
  it('asks for a charge when a reservation is made', () => {
    const pedido = {
      ...RESERVA,
      clienteId: 'cli_1',
      valor: Dinheiro.deCentavos(100_00),
      descricao: 'Reserva res_1',
      expiraEm: new Date('2026-06-01T12:15:00Z'),
      guardarCreditos: true,
    };
    expect(reservaSaga({ tipo: 'ReservaCriada', ...pedido })).toEqual([{ tipo: 'CriarCobranca', ...pedido }]);
  });

  it('notes the charge when there is one', () => {
    const cobranca = { ...PAGAMENTO, checkoutUrl: 'https://pay.example/1' };
    expect(reservaSaga({ tipo: 'CobrancaCriada', ...cobranca })).toEqual([
      { tipo: 'RegistrarCobranca', ...cobranca },
    ]);
  });

  it('confirms when the payment is approved', () => {
    expect(reservaSaga({ tipo: 'PagamentoAprovado', ...PAGAMENTO })).toEqual([
      { tipo: 'ReceberPagamento', ...PAGAMENTO },
    ]);
  });

  it('only remembers a declined card', () => {
    const recusado = { ...PAGAMENTO, motivo: 'card_declined', definitiva: false };
    expect(reservaSaga({ tipo: 'PagamentoRecusado', ...recusado })).toEqual([
      { tipo: 'RegistrarRecusa', ...PAGAMENTO, porque: 'cartão recusado: card_declined' },
    ]);
  });

  it('frees the slot when the refusal is final', () => {
    const recusado = { ...PAGAMENTO, motivo: 'expired_card', definitiva: true };
    expect(reservaSaga({ tipo: 'PagamentoRecusado', ...recusado })).toEqual([
      { tipo: 'RegistrarRecusa', ...PAGAMENTO, porque: 'cobrança recusada em definitivo: expired_card' },
      { tipo: 'ExpirarReserva', ...PAGAMENTO },
    ]);
  });

  it.each(['pag_1', undefined])('frees the slot when the charge %p is closed', (pagamentoId) => {
    const cancelada = { ...RESERVA, pagamentoId };
    expect(reservaSaga({ tipo: 'CobrancaCancelada', ...cancelada })).toEqual([
      { tipo: 'ExpirarReserva', ...cancelada },
    ]);
  });

  it('follows a refund', () => {
    const mudou = { ...PAGAMENTO, estorno: { numero: 1, status: 'CONCLUIDO' } } as const;
    expect(reservaSaga({ tipo: 'EstornoMudou', ...mudou })).toEqual([{ tipo: 'RegistrarEstorno', ...mudou }]);
  });
});
