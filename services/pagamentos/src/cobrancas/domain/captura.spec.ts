import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  ABERTO,
  APROVADO,
  CANCELADA,
  CRIADA,
  given,
  later,
  PENDENTE,
  SEM_CREDITOS,
  SOLICITADO,
  T0,
  VALOR,
} from '../../../test/cobrancas/given.ts';
import { statusDe, sustentaReserva } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import { aprovar, reanunciarAprovacao } from './captura.ts';

describe('aprovar', () => {
  const pagar = (intencaoId = 'pi_1', valor = VALOR) => {
    return (estado: EstadoPagamento) =>
      aprovar(estado, { pagamentoId: 'pag_1', intencaoId, valor }, later(2));
  };

  it('approves when the charge waits, even before the checkout is on record', () => {
    given(...PENDENTE)
      .when(pagar())
      .yields(APROVADO);
    given(CRIADA, SOLICITADO).when(pagar()).yields(APROVADO);
  });

  it('approves when the charge was closed: captured money is a fact', () => {
    given(...PENDENTE, CANCELADA)
      .when(pagar())
      .yields(APROVADO);
  });

  it('changes nothing when the same capture is told again', () => {
    given(...PENDENTE, APROVADO)
      .when(pagar())
      .yields();
  });

  it('takes from the card what credit does not pay', () => {
    const criada = { ...CRIADA, creditos: Dinheiro.deCentavos(3_000n) };
    const valor = Dinheiro.deCentavos(7_000n);
    given(criada, SOLICITADO, ABERTO)
      .when(pagar('pi_1', valor))
      .yields({ ...APROVADO, valor });
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
    given(criada, SOLICITADO, ABERTO, CANCELADA)
      .when(pagar('pi_1', valor))
      .yields({ ...APROVADO, valor }, { tipo: 'EstornoSolicitado', ...devolvido, valor, em: later(2) });
  });

  it('gives all back at once when less was captured than charged', () => {
    const valor = Dinheiro.deCentavos(5_000n);
    const creditos = Dinheiro.deCentavos(3_000n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CAPTURA_DIVERGENTE', em: later(2) } as const;
    given({ ...CRIADA, creditos }, SOLICITADO, ABERTO)
      .when(pagar('pi_1', valor))
      .yields(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CREDITO', valor: creditos, ...comum },
        { tipo: 'EstornoConcluido', numero: 1, valor: creditos, em: later(2) },
        { tipo: 'EstornoSolicitado', numero: 2, pedido: 1, meio: 'CARTAO', valor, ...comum },
      );
  });

  it('tells whoever waits for the charge to be closed that too little money does not pay it', () => {
    const valor = Dinheiro.deCentavos(9_999n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CAPTURA_DIVERGENTE', em: later(2) } as const;
    const fechando = {
      tipo: 'EncerramentoSolicitado',
      motivo: 'RESERVA_EXPIRANDO',
      pedido: 3,
      em: T0,
    } as const;
    given(...PENDENTE, fechando)
      .when(pagar('pi_1', valor))
      .yields(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, ...comum },
        { tipo: 'EncerramentoRespondido', pedido: 3, em: later(2) },
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
      em: later(2),
    } as const;
    const aprovado = { ...APROVADO, valor };
    given(...PENDENTE)
      .when(pagar('pi_1', valor))
      .yields(aprovado, excedente);
    // The charge was closed: reservas decides about the rest.
    given(...PENDENTE, CANCELADA)
      .when(pagar('pi_1', valor))
      .yields(aprovado, excedente);
    given(...PENDENTE, aprovado, excedente)
      .when(pagar('pi_1', valor))
      .yields();
    const pago = fold([...PENDENTE, aprovado, excedente]);
    expect(pago.fase !== 'INEXISTENTE' && [statusDe(pago), sustentaReserva(pago)]).toEqual([
      'APROVADO',
      true,
    ]);
    expect(reanunciarAprovacao(pago, later(60))).toEqual([{ tipo: 'AprovacaoReanunciada', em: later(60) }]);
  });

  it('gives everything back when more was captured than charged after its credit had gone back', () => {
    const creditos = Dinheiro.deCentavos(3_000n);
    const valor = Dinheiro.deCentavos(10_000n);
    const comum = { origem: 'NAO_APROVEITADO', motivo: 'CREDITO_DEVOLVIDO', em: later(2) } as const;
    given({ ...CRIADA, creditos }, SOLICITADO, ABERTO, CANCELADA)
      .when(pagar('pi_1', valor))
      .yields(
        { ...APROVADO, valor },
        { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, ...comum },
      );
  });

  it('refuses any capture when credit has paid everything', () => {
    given({ ...CRIADA, creditos: VALOR }, { tipo: 'PagamentoAprovado', valor: SEM_CREDITOS, em: T0 })
      .when(pagar())
      .refuses('CAPTURA_DUPLICADA');
  });

  it('refuses when a second intent paid the same charge', () => {
    given(...PENDENTE, APROVADO)
      .when(pagar('pi_2'))
      .refuses('CAPTURA_DUPLICADA');
  });

  it.each([
    ['nothing', Dinheiro.zero()],
    ['another currency', Dinheiro.deCentavos(9_999n, 'USD')],
  ])('refuses when %s was captured', (_, valor) => {
    given(...PENDENTE)
      .when(pagar('pi_1', valor))
      .refuses('CAPTURA_DIVERGENTE');
  });

  it('refuses when there is no such payment', () => {
    given().when(pagar()).refuses('PAGAMENTO_NAO_ENCONTRADO');
  });
});

describe('reanunciarAprovacao', () => {
  const DE_VOLTA = {
    ...{ tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', origem: 'ADMIN' },
    ...{ valor: Dinheiro.deCentavos(1_000n), motivo: 'cortesia', em: later(3) },
  } as const satisfies PagamentoEvent;
  const reanunciar = (minutos: number) => (estado: EstadoPagamento) =>
    reanunciarAprovacao(estado, later(minutos));

  it('asks once nothing was heard for five minutes, and then after as long again', () => {
    const pergunta: PagamentoEvent = { tipo: 'AprovacaoReanunciada', em: later(7) };
    given(...PENDENTE, APROVADO)
      .when(reanunciar(6.99))
      .yields();
    given(...PENDENTE, APROVADO)
      .when(reanunciar(7))
      .yields(pergunta);
    given(...PENDENTE, APROVADO, pergunta)
      .when(reanunciar(11.99))
      .yields();
    const depoisDeMuito = { ...pergunta, em: later(10_000) };
    given(...PENDENTE, APROVADO, depoisDeMuito)
      .when(reanunciar(10_000 + 1_439))
      .yields();
    const outra = { ...pergunta, em: later(10_000 + 1_440) };
    given(...PENDENTE, APROVADO, depoisDeMuito)
      .when(reanunciar(10_000 + 1_440))
      .yields(outra);
  });

  it('asks nothing about money that goes back, or is not there', () => {
    given(...PENDENTE, APROVADO, DE_VOLTA)
      .when(reanunciar(1_000))
      .yields();
    given(...PENDENTE)
      .when(reanunciar(1_000))
      .yields();
    given(...PENDENTE, CANCELADA)
      .when(reanunciar(1_000))
      .yields();
  });
});
