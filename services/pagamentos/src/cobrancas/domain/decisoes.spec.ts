import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { statusDe, sustentaReserva } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import {
  abrirCheckout,
  aprovar,
  criarCobranca,
  encerrarSemCheckout,
  expirarSessao,
  type PedidoCobranca,
  reanunciarAprovacao,
  recusarCartao,
  trocarTentativa,
} from './decisoes.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const depois = (minutos: number) => new Date(T0.getTime() + minutos * 60_000);
const VALOR = Dinheiro.deCentavos(10_000n);
const PEDIDO: PedidoCobranca = {
  reservaId: 'res_1',
  clienteId: 'cli_1',
  valor: VALOR,
  descricao: 'Sala Azul',
  expiraEm: depois(15),
};
const SEM_CREDITOS = Dinheiro.zero();
const CRIADA = {
  tipo: 'CobrancaCriada',
  pagamentoId: 'pag_1',
  ...PEDIDO,
  creditos: SEM_CREDITOS,
  em: T0,
} as const satisfies PagamentoEvent;
const SOLICITADO = {
  tipo: 'CheckoutSolicitado',
  tentativa: 1,
  expiraEm: depois(35),
  em: T0,
} as const satisfies PagamentoEvent;
const ABERTO: PagamentoEvent = {
  tipo: 'CheckoutAberto',
  tentativa: 1,
  sessaoId: 'cs_1',
  checkoutUrl: 'https://checkout.test/cs_1',
  expiraEm: depois(35),
  em: depois(1),
};
const APROVADO = {
  tipo: 'PagamentoAprovado',
  intencaoId: 'pi_1',
  valor: VALOR,
  em: depois(2),
} as const satisfies PagamentoEvent;
const RECUSADO: PagamentoEvent = {
  tipo: 'CartaoRecusado',
  recusaId: 'ch_1',
  codigo: 'card_declined',
  em: depois(2),
};
const CANCELADA: PagamentoEvent = { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: depois(35) };
const PENDENTE = [CRIADA, SOLICITADO, ABERTO];

type Decisao = Result<readonly PagamentoEvent[], Error & { motivo: string }> | readonly PagamentoEvent[];

/** Given these events, when this is decided, then these events or this refusal. */
function dado(...eventos: PagamentoEvent[]) {
  const estado = fold(eventos);
  return {
    quando(decidir: (estado: EstadoPagamento) => Decisao) {
      const decisao = decidir(estado);
      const resultado = 'isSuccess' in decisao ? decisao : Result.ok(decisao);
      return {
        entao: (...esperados: PagamentoEvent[]) => expect(resultado).toEqual(Result.ok(esperados)),
        recusa: (motivo: string) => expect(resultado).toMatchObject({ isFailure: true, error: { motivo } }),
      };
    },
  };
}

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

describe('aprovar', () => {
  const pagar = (intencaoId = 'pi_1', valor = VALOR) => {
    return (estado: EstadoPagamento) =>
      aprovar(estado, { pagamentoId: 'pag_1', intencaoId, valor }, depois(2));
  };

  it('approves when the charge waits, even before the checkout is on record', () => {
    dado(...PENDENTE)
      .quando(pagar())
      .entao(APROVADO);
    dado(CRIADA, SOLICITADO).quando(pagar()).entao(APROVADO);
  });

  it('approves when the charge was closed: captured money is a fact', () => {
    dado(...PENDENTE, CANCELADA)
      .quando(pagar())
      .entao(APROVADO);
  });

  it('changes nothing when the same capture is told again', () => {
    dado(...PENDENTE, APROVADO)
      .quando(pagar())
      .entao();
  });

  it('takes from the card what credit does not pay', () => {
    const criada = { ...CRIADA, creditos: Dinheiro.deCentavos(3_000n) };
    const valor = Dinheiro.deCentavos(7_000n);
    dado(criada, SOLICITADO, ABERTO)
      .quando(pagar('pi_1', valor))
      .entao({ ...APROVADO, valor });
  });

  it('gives money back at once when the credit that should have paid with it was given back', () => {
    const criada = { ...CRIADA, creditos: Dinheiro.deCentavos(3_000n) };
    const valor = Dinheiro.deCentavos(7_000n);
    const devolvido = {
      numero: 1,
      meio: 'CARTAO',
      origem: 'NAO_APROVEITADO',
      motivo: 'CREDITO_DEVOLVIDO',
    } as const;
    dado(criada, SOLICITADO, ABERTO, CANCELADA)
      .quando(pagar('pi_1', valor))
      .entao({ ...APROVADO, valor }, { tipo: 'EstornoSolicitado', ...devolvido, valor, em: depois(2) });
  });

  it('gives all back at once when less was captured than charged', () => {
    const valor = Dinheiro.deCentavos(5_000n);
    const creditos = Dinheiro.deCentavos(3_000n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CAPTURA_DIVERGENTE', em: depois(2) } as const;
    dado({ ...CRIADA, creditos }, SOLICITADO, ABERTO)
      .quando(pagar('pi_1', valor))
      .entao(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CREDITO', valor: creditos, ...comum },
        { tipo: 'EstornoConcluido', numero: 1, valor: creditos, em: depois(2) },
        { tipo: 'EstornoSolicitado', numero: 2, pedido: 1, meio: 'CARTAO', valor, ...comum },
      );
  });

  it('tells whoever waits for the charge to be closed that too little money does not pay it', () => {
    const valor = Dinheiro.deCentavos(9_999n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CAPTURA_DIVERGENTE', em: depois(2) } as const;
    const fechando = {
      tipo: 'EncerramentoSolicitado',
      motivo: 'RESERVA_EXPIRANDO',
      pedido: 3,
      em: T0,
    } as const;
    dado(...PENDENTE, fechando)
      .quando(pagar('pi_1', valor))
      .entao(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, ...comum },
        { tipo: 'EncerramentoRespondido', pedido: 3, em: depois(2) },
      );
  });

  it('gives the surplus back at once when more was captured than charged, and is paid nevertheless', () => {
    const valor = Dinheiro.deCentavos(10_001n);
    const excedente = {
      tipo: 'EstornoSolicitado',
      numero: 1,
      meio: 'CARTAO',
      valor: Dinheiro.deCentavos(1n),
      origem: 'EXCEDENTE',
      motivo: 'CAPTURA_DIVERGENTE',
      em: depois(2),
    } as const;
    const aprovado = { ...APROVADO, valor };
    dado(...PENDENTE)
      .quando(pagar('pi_1', valor))
      .entao(aprovado, excedente);
    // The charge was closed: reservas decides about the rest.
    dado(...PENDENTE, CANCELADA)
      .quando(pagar('pi_1', valor))
      .entao(aprovado, excedente);
    dado(...PENDENTE, aprovado, excedente)
      .quando(pagar('pi_1', valor))
      .entao();
    const pago = fold([...PENDENTE, aprovado, excedente]);
    expect(pago.fase !== 'INEXISTENTE' && [statusDe(pago), sustentaReserva(pago)]).toEqual([
      'APROVADO',
      true,
    ]);
    expect(reanunciarAprovacao(pago, depois(60))).toEqual([{ tipo: 'AprovacaoReanunciada', em: depois(60) }]);
  });

  it('gives everything back when more was captured than charged after its credit had gone back', () => {
    const creditos = Dinheiro.deCentavos(3_000n);
    const valor = Dinheiro.deCentavos(10_000n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CREDITO_DEVOLVIDO', em: depois(2) } as const;
    dado({ ...CRIADA, creditos }, SOLICITADO, ABERTO, CANCELADA)
      .quando(pagar('pi_1', valor))
      .entao(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, ...comum },
      );
  });

  it('refuses any capture when credit has paid everything', () => {
    dado({ ...CRIADA, creditos: VALOR }, { tipo: 'PagamentoAprovado', valor: SEM_CREDITOS, em: T0 })
      .quando(pagar())
      .recusa('CAPTURA_DUPLICADA');
  });

  it('refuses when a second intent paid the same charge', () => {
    dado(...PENDENTE, APROVADO)
      .quando(pagar('pi_2'))
      .recusa('CAPTURA_DUPLICADA');
  });

  it.each([
    ['nothing', Dinheiro.zero()],
    ['another currency', Dinheiro.deCentavos(9_999n, 'USD')],
  ])('refuses when %s was captured', (_, valor) => {
    dado(...PENDENTE)
      .quando(pagar('pi_1', valor))
      .recusa('CAPTURA_DIVERGENTE');
  });

  it('refuses when there is no such payment', () => {
    dado().quando(pagar()).recusa('PAGAMENTO_NAO_ENCONTRADO');
  });
});

describe('reanunciarAprovacao', () => {
  const DE_VOLTA = {
    ...{ tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', origem: 'ADMIN' },
    ...{ valor: Dinheiro.deCentavos(1_000n), motivo: 'cortesia', em: depois(3) },
  } as const satisfies PagamentoEvent;
  const reanunciar = (minutos: number) => (estado: EstadoPagamento) =>
    reanunciarAprovacao(estado, depois(minutos));

  it('asks once nothing was heard for five minutes, and then after as long again', () => {
    const pergunta: PagamentoEvent = { tipo: 'AprovacaoReanunciada', em: depois(7) };
    dado(...PENDENTE, APROVADO)
      .quando(reanunciar(6.99))
      .entao();
    dado(...PENDENTE, APROVADO)
      .quando(reanunciar(7))
      .entao(pergunta);
    dado(...PENDENTE, APROVADO, pergunta)
      .quando(reanunciar(11.99))
      .entao();
    const depoisDeMuito = { ...pergunta, em: depois(10_000) };
    dado(...PENDENTE, APROVADO, depoisDeMuito)
      .quando(reanunciar(10_000 + 1_439))
      .entao();
    const outra = { ...pergunta, em: depois(10_000 + 1_440) };
    dado(...PENDENTE, APROVADO, depoisDeMuito)
      .quando(reanunciar(10_000 + 1_440))
      .entao(outra);
  });

  it('asks nothing about money that goes back, or is not there', () => {
    dado(...PENDENTE, APROVADO, DE_VOLTA)
      .quando(reanunciar(1_000))
      .entao();
    dado(...PENDENTE)
      .quando(reanunciar(1_000))
      .entao();
    dado(...PENDENTE, CANCELADA)
      .quando(reanunciar(1_000))
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
