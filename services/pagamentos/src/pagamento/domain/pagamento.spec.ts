import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { aprovar } from '../../cobrancas/domain/captura.ts';
import {
  abrirCheckout,
  expirarSessao,
  recusarCartao,
  trocarTentativa,
} from '../../cobrancas/domain/cobranca.ts';
import type { PagamentoEvent } from './eventos.ts';
import { type EstadoPagamento, fold, INEXISTENTE } from './pagamento.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const depois = (segundos: number) => new Date(T0.getTime() + segundos * 1000);
const VALOR = Dinheiro.deCentavos(10_000n);

const CRIADA: PagamentoEvent[] = [
  {
    tipo: 'CobrancaCriada',
    pagamentoId: 'pag_1',
    reservaId: 'res_1',
    clienteId: 'cli_1',
    valor: VALOR,
    creditos: Dinheiro.zero(),
    descricao: 'Sala Azul',
    expiraEm: depois(900),
    em: T0,
  },
  { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: depois(2100), em: T0 },
];

const evento = fc.constantFrom<PagamentoEvent>(
  ...CRIADA,
  { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: depois(9) },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: VALOR, em: depois(3) },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_2', valor: VALOR, em: depois(4) },
  { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'card_declined', em: depois(2) },
  {
    tipo: 'CheckoutAberto',
    tentativa: 1,
    sessaoId: 'cs_1',
    checkoutUrl: 'https://checkout.test/c',
    expiraEm: depois(2100),
    em: depois(1),
  },
);

/** Half of them begin as they should. */
const qualquerOrdem = fc.oneof(
  fc.array(evento),
  fc.array(evento).map((eventos) => [...CRIADA, ...eventos]),
);

type Passo = (estado: EstadoPagamento) => readonly PagamentoEvent[];

/** Everything the provider may tell, in any order and any number of times. */
const passo = fc.constantFrom<Passo>(
  (estado) => abrirCheckout(estado, 1, { sessaoId: 'cs_1', url: 'u', expiraEm: depois(2100) }, depois(1)),
  (estado) => abrirCheckout(estado, 2, { sessaoId: 'cs_2', url: 'u', expiraEm: depois(2100) }, depois(1)),
  (estado) => trocarTentativa(estado, 1, depois(1)),
  (estado) => recusarCartao(estado, { recusaId: 'ch_1', codigo: 'card_declined' }, depois(2)),
  (estado) => expirarSessao(estado, 'cs_1', depois(5)),
  (estado) => tentarAprovar(estado, 'pi_1'),
  (estado) => tentarAprovar(estado, 'pi_2'),
);

function tentarAprovar(estado: EstadoPagamento, intencaoId: string): readonly PagamentoEvent[] {
  const decidido = aprovar(estado, { pagamentoId: 'pag_1', intencaoId, valor: VALOR }, depois(4));
  return decidido.isSuccess ? decidido.value : [];
}

function historia(passos: readonly Passo[]): PagamentoEvent[] {
  const eventos = [...CRIADA];
  for (const decidir of passos) eventos.push(...decidir(fold(eventos)));
  return eventos;
}

describe('fold', () => {
  it('answers a state when the events come in any order', () => {
    const fases = new Set<string>();
    fc.assert(
      fc.property(qualquerOrdem, (eventos) => {
        fases.add(fold(eventos).fase);
        expect(['INEXISTENTE', 'PENDENTE', 'APROVADO', 'CANCELADO']).toContain(fold(eventos).fase);
      }),
    );
    expect(fases.size).toBe(4);
  });

  it('gives the same state when the history is folded in two parts', () => {
    fc.assert(
      fc.property(qualquerOrdem, fc.array(evento), (antes, fim) => {
        expect(fold(fim, fold(antes))).toEqual(fold([...antes, ...fim]));
      }),
    );
  });

  it('stays INEXISTENTE when nothing was charged', () => {
    expect(fold([{ tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: T0 }])).toBe(INEXISTENTE);
  });
});

describe('any history of decisions', () => {
  it('approves at most once, and stays approved', () => {
    fc.assert(
      fc.property(fc.array(passo, { maxLength: 30 }), (passos) => {
        const eventos = historia(passos);
        const aprovacoes = eventos.filter(({ tipo }) => tipo === 'PagamentoAprovado').length;
        expect(aprovacoes).toBeLessThanOrEqual(1);
        expect(fold(eventos).fase === 'APROVADO').toBe(aprovacoes === 1);
      }),
    );
  });

  it('opens at most one checkout and counts each decline once', () => {
    fc.assert(
      fc.property(fc.array(passo, { maxLength: 30 }), (passos) => {
        const tipos = historia(passos).map(({ tipo }) => tipo);
        expect(tipos.filter((tipo) => tipo === 'CheckoutAberto').length).toBeLessThanOrEqual(1);
        expect(tipos.filter((tipo) => tipo === 'CartaoRecusado').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
