import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  ABERTO,
  APROVADO,
  CANCELADA,
  CRIADA,
  given,
  later,
  PEDIDO,
  PENDENTE,
  RECUSADO,
  SEM_CREDITOS,
  SOLICITADO,
  T0,
  VALOR,
} from '../../../test/cobrancas/given.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import {
  abrirCheckout,
  criarCobranca,
  encerrarSemCheckout,
  expirarSessao,
  type PedidoCobranca,
  recusarCartao,
  trocarTentativa,
} from './cobranca.ts';

describe('criarCobranca', () => {
  const criar = (mudanca: Partial<PedidoCobranca> = {}) => {
    return (estado: EstadoPagamento) => criarCobranca(estado, 'pag_1', { ...PEDIDO, ...mudanca }, T0);
  };

  it('charges and freezes the first attempt when the reservation was not charged yet', () => {
    given().when(criar()).yields(CRIADA, SOLICITADO);
  });

  it('keeps the checkout open until the hold ends when the hold is longer than the minimum', () => {
    const expiraEm = later(120);
    given()
      .when(criar({ expiraEm }))
      .yields({ ...CRIADA, expiraEm }, { ...SOLICITADO, expiraEm });
  });

  it('stays within 24 hours when the hold is longer than the provider allows', () => {
    const expiraEm = later(3 * 24 * 60);
    given()
      .when(criar({ expiraEm }))
      .yields({ ...CRIADA, expiraEm }, { ...SOLICITADO, expiraEm: later(24 * 60 - 5) });
  });

  it('takes what credit there is and leaves the rest to the card', () => {
    const creditos = Dinheiro.deCentavos(3_000n);
    given()
      .when((estado) => criarCobranca(estado, 'pag_1', PEDIDO, T0, creditos))
      .yields({ ...CRIADA, creditos }, SOLICITADO);
  });

  it('is paid at once when credit covers it, and nobody is sent to the provider', () => {
    given()
      .when((estado) => criarCobranca(estado, 'pag_1', PEDIDO, T0, Dinheiro.deCentavos(10_001n)))
      .yields({ ...CRIADA, creditos: VALOR }, { tipo: 'PagamentoAprovado', valor: SEM_CREDITOS, em: T0 });
  });

  it('changes nothing when the same charge is asked for again, whatever its description', () => {
    given(...PENDENTE)
      .when(criar({ descricao: 'Outra', expiraEm: later(20) }))
      .yields();
  });

  it.each([
    ['amount', { valor: Dinheiro.deCentavos(9_999n) }],
    ['customer', { clienteId: 'cli_2' }],
  ])('refuses when the reservation was charged with another %s', (_, mudanca) => {
    given(...PENDENTE)
      .when(criar(mudanca))
      .refuses('COBRANCA_DIVERGENTE');
  });

  it.each([
    ['zero', Dinheiro.zero()],
    ['negative', Dinheiro.deCentavos(-1n)],
    ['less than a card can be charged', Dinheiro.deCentavos(49n)],
    ['more than a card can be charged', Dinheiro.deCentavos(999_999_99n + 1n)],
    ['in another currency', Dinheiro.deCentavos(100n, 'USD')],
  ])('refuses when the amount is %s', (_, valor) => {
    given().when(criar({ valor })).refuses('VALOR_INVALIDO');
  });
});

describe('encerrarSemCheckout', () => {
  it('cancels when the hold ended before any checkout was open', () => {
    given(CRIADA, SOLICITADO)
      .when((estado) => encerrarSemCheckout(estado, later(15)))
      .yields({ tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: later(15) });
  });

  it('changes nothing when the hold still runs or the customer can pay', () => {
    given(CRIADA, SOLICITADO)
      .when((estado) => encerrarSemCheckout(estado, later(14)))
      .yields();
    given(...PENDENTE)
      .when((estado) => encerrarSemCheckout(estado, later(16)))
      .yields();
  });
});

describe('trocarTentativa', () => {
  it('starts the next attempt with a after deadline when the current one is lost', () => {
    given(CRIADA, SOLICITADO)
      .when((estado) => trocarTentativa(estado, 1, later(10)))
      .yields({ tipo: 'CheckoutSolicitado', tentativa: 2, expiraEm: later(45), em: later(10) });
  });

  it('changes nothing when another attempt runs already or a checkout is open', () => {
    const segunda: PagamentoEvent = { ...SOLICITADO, tentativa: 2 };
    given(CRIADA, SOLICITADO, segunda)
      .when((estado) => trocarTentativa(estado, 1, later(10)))
      .yields();
    given(...PENDENTE)
      .when((estado) => trocarTentativa(estado, 1, later(10)))
      .yields();
  });
});

describe('abrirCheckout', () => {
  const checkout = { sessaoId: 'cs_1', url: 'https://checkout.test/cs_1', expiraEm: later(35) };
  const abrir = (estado: EstadoPagamento) => abrirCheckout(estado, 1, checkout, later(1));

  it('opens when the charge waits for one', () => {
    given(CRIADA, SOLICITADO).when(abrir).yields(ABERTO);
  });

  it('changes nothing when one is open, the money came first or the charge was closed', () => {
    given(...PENDENTE)
      .when(abrir)
      .yields();
    given(CRIADA, SOLICITADO, APROVADO).when(abrir).yields();
    given(CRIADA, SOLICITADO, { ...CANCELADA, motivo: 'PRAZO_ESGOTADO' })
      .when(abrir)
      .yields();
  });
});

describe('recusarCartao', () => {
  const recusar = (recusaId = 'ch_1') => {
    const recusa = { recusaId, codigo: 'card_declined' };
    return (estado: EstadoPagamento) => recusarCartao(estado, recusa, later(2));
  };

  it('notes the decline and keeps waiting when the charge is open', () => {
    given(...PENDENTE)
      .when(recusar())
      .yields(RECUSADO);
    expect(fold([...PENDENTE, RECUSADO]).fase).toBe('PENDENTE');
  });

  it('changes nothing when the decline is known or comes after the approval', () => {
    given(...PENDENTE, RECUSADO)
      .when(recusar())
      .yields();
    given(...PENDENTE, APROVADO)
      .when(recusar('ch_2'))
      .yields();
  });
});

describe('expirarSessao', () => {
  const expirar = (sessaoId = 'cs_1') => {
    return (estado: EstadoPagamento) => expirarSessao(estado, sessaoId, later(35));
  };

  it('cancels when the checkout of the customer has expired', () => {
    given(...PENDENTE)
      .when(expirar())
      .yields(CANCELADA);
  });

  it('changes nothing when the session is of a lost attempt, or the charge is approved or closed', () => {
    given(...PENDENTE)
      .when(expirar('cs_0'))
      .yields();
    given(CRIADA, SOLICITADO).when(expirar()).yields();
    given(...PENDENTE, APROVADO)
      .when(expirar())
      .yields();
    given(...PENDENTE, CANCELADA)
      .when(expirar())
      .yields();
  });
});
