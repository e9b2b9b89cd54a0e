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
      { tipo: 'ConfirmarReserva', ...PAGAMENTO },
    ]);
  });

  it.each([
    [false, 'cartão recusado: card_declined'],
    [true, 'cobrança recusada em definitivo: card_declined'],
  ])('only remembers a refusal when definitive is %p', (definitiva, porque) => {
    expect(
      reservaSaga({ tipo: 'PagamentoRecusado', ...PAGAMENTO, motivo: 'card_declined', definitiva }),
    ).toEqual([{ tipo: 'RegistrarRecusa', ...PAGAMENTO, porque }]);
  });
});
