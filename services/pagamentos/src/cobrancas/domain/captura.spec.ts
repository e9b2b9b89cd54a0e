import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  ABERTO,
  APROVADO,
  CANCELADA,
  CRIADA,
  dado,
  depois,
  PENDENTE,
  SEM_CREDITOS,
  SOLICITADO,
  T0,
  VALOR,
} from '../../../test/cobrancas/historia.ts';
import { statusDe, sustentaReserva } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import { aprovar, reanunciarAprovacao } from './captura.ts';

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
