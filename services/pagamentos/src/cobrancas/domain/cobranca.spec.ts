import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  ABERTO,
  APROVADO,
  CANCELADA,
  CRIADA,
  dado,
  depois,
  PEDIDO,
  PENDENTE,
  RECUSADO,
  SEM_CREDITOS,
  SOLICITADO,
  T0,
  VALOR,
} from '../../../test/cobrancas/historia.ts';
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
    dado().quando(criar()).entao(CRIADA, SOLICITADO);
  });

  it('keeps the checkout open until the hold ends when the hold is longer than the minimum', () => {
    const expiraEm = depois(120);
    dado()
      .quando(criar({ expiraEm }))
      .entao({ ...CRIADA, expiraEm }, { ...SOLICITADO, expiraEm });
  });

  it('stays within 24 hours when the hold is longer than the provider allows', () => {
    const expiraEm = depois(3 * 24 * 60);
    dado()
      .quando(criar({ expiraEm }))
      .entao({ ...CRIADA, expiraEm }, { ...SOLICITADO, expiraEm: depois(24 * 60 - 5) });
  });

  it('takes what credit there is and leaves the rest to the card', () => {
    const creditos = Dinheiro.deCentavos(3_000n);
    dado()
      .quando((estado) => criarCobranca(estado, 'pag_1', PEDIDO, T0, creditos))
      .entao({ ...CRIADA, creditos }, SOLICITADO);
  });

  it('is paid at once when credit covers it, and nobody is sent to the provider', () => {
    dado()
      .quando((estado) => criarCobranca(estado, 'pag_1', PEDIDO, T0, Dinheiro.deCentavos(10_001n)))
      .entao({ ...CRIADA, creditos: VALOR }, { tipo: 'PagamentoAprovado', valor: SEM_CREDITOS, em: T0 });
  });

  it('changes nothing when the same charge is asked for again, whatever its description', () => {
    dado(...PENDENTE)
      .quando(criar({ descricao: 'Outra', expiraEm: depois(20) }))
      .entao();
  });

  it.each([
    ['amount', { valor: Dinheiro.deCentavos(9_999n) }],
    ['customer', { clienteId: 'cli_2' }],
  ])('refuses when the reservation was charged with another %s', (_, mudanca) => {
    dado(...PENDENTE)
      .quando(criar(mudanca))
      .recusa('COBRANCA_DIVERGENTE');
  });

  it.each([
    ['zero', Dinheiro.zero()],
    ['negative', Dinheiro.deCentavos(-1n)],
    ['less than a card can be charged', Dinheiro.deCentavos(49n)],
    ['more than a card can be charged', Dinheiro.deCentavos(999_999_99n + 1n)],
    ['in another currency', Dinheiro.deCentavos(100n, 'USD')],
  ])('refuses when the amount is %s', (_, valor) => {
    dado().quando(criar({ valor })).recusa('VALOR_INVALIDO');
  });
});

describe('encerrarSemCheckout', () => {
  it('cancels when the hold ended before any checkout was open', () => {
    dado(CRIADA, SOLICITADO)
      .quando((estado) => encerrarSemCheckout(estado, depois(15)))
      .entao({ tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: depois(15) });
  });

  it('changes nothing when the hold still runs or the customer can pay', () => {
    dado(CRIADA, SOLICITADO)
      .quando((estado) => encerrarSemCheckout(estado, depois(14)))
      .entao();
    dado(...PENDENTE)
      .quando((estado) => encerrarSemCheckout(estado, depois(16)))
      .entao();
  });
});

describe('trocarTentativa', () => {
  it('starts the next attempt with a later deadline when the current one is lost', () => {
    dado(CRIADA, SOLICITADO)
      .quando((estado) => trocarTentativa(estado, 1, depois(10)))
      .entao({ tipo: 'CheckoutSolicitado', tentativa: 2, expiraEm: depois(45), em: depois(10) });
  });

  it('changes nothing when another attempt runs already or a checkout is open', () => {
    const segunda: PagamentoEvent = { ...SOLICITADO, tentativa: 2 };
    dado(CRIADA, SOLICITADO, segunda)
      .quando((estado) => trocarTentativa(estado, 1, depois(10)))
      .entao();
    dado(...PENDENTE)
      .quando((estado) => trocarTentativa(estado, 1, depois(10)))
      .entao();
  });
});

describe('abrirCheckout', () => {
  const checkout = { sessaoId: 'cs_1', url: 'https://checkout.test/cs_1', expiraEm: depois(35) };
  const abrir = (estado: EstadoPagamento) => abrirCheckout(estado, 1, checkout, depois(1));

  it('opens when the charge waits for one', () => {
    dado(CRIADA, SOLICITADO).quando(abrir).entao(ABERTO);
  });

  it('changes nothing when one is open, the money came first or the charge was closed', () => {
    dado(...PENDENTE)
      .quando(abrir)
      .entao();
    dado(CRIADA, SOLICITADO, APROVADO).quando(abrir).entao();
    dado(CRIADA, SOLICITADO, { ...CANCELADA, motivo: 'PRAZO_ESGOTADO' })
      .quando(abrir)
      .entao();
  });
});

describe('recusarCartao', () => {
  const recusar = (recusaId = 'ch_1') => {
    const recusa = { recusaId, codigo: 'card_declined' };
    return (estado: EstadoPagamento) => recusarCartao(estado, recusa, depois(2));
  };

  it('notes the decline and keeps waiting when the charge is open', () => {
    dado(...PENDENTE)
      .quando(recusar())
      .entao(RECUSADO);
    expect(fold([...PENDENTE, RECUSADO]).fase).toBe('PENDENTE');
  });

  it('changes nothing when the decline is known or comes after the approval', () => {
    dado(...PENDENTE, RECUSADO)
      .quando(recusar())
      .entao();
    dado(...PENDENTE, APROVADO)
      .quando(recusar('ch_2'))
      .entao();
  });
});

describe('expirarSessao', () => {
  const expirar = (sessaoId = 'cs_1') => {
    return (estado: EstadoPagamento) => expirarSessao(estado, sessaoId, depois(35));
  };

  it('cancels when the checkout of the customer has expired', () => {
    dado(...PENDENTE)
      .quando(expirar())
      .entao(CANCELADA);
  });

  it('changes nothing when the session is of a lost attempt, or the charge is approved or closed', () => {
    dado(...PENDENTE)
      .quando(expirar('cs_0'))
      .entao();
    dado(CRIADA, SOLICITADO).quando(expirar()).entao();
    dado(...PENDENTE, APROVADO)
      .quando(expirar())
      .entao();
    dado(...PENDENTE, CANCELADA)
      .quando(expirar())
      .entao();
  });
});
