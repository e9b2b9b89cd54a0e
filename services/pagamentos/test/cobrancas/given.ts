import { expect } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { PedidoCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { type EstadoPagamento, fold } from '../../src/pagamento/domain/pagamento.ts';

export const T0 = new Date('2026-11-24T12:00:00Z');
export const later = (minutos: number) => new Date(T0.getTime() + minutos * 60_000);
export const VALOR = Dinheiro.deCentavos(10_000n);
export const PEDIDO: PedidoCobranca = {
  reservaId: 'res_1',
  clienteId: 'cli_1',
  valor: VALOR,
  descricao: 'Sala Azul',
  expiraEm: later(15),
};
export const SEM_CREDITOS = Dinheiro.zero();
export const CRIADA = {
  tipo: 'CobrancaCriada',
  pagamentoId: 'pag_1',
  ...PEDIDO,
  creditos: SEM_CREDITOS,
  em: T0,
} as const satisfies PagamentoEvent;
export const SOLICITADO = {
  tipo: 'CheckoutSolicitado',
  tentativa: 1,
  expiraEm: later(35),
  em: T0,
} as const satisfies PagamentoEvent;
export const ABERTO: PagamentoEvent = {
  tipo: 'CheckoutAberto',
  tentativa: 1,
  sessaoId: 'cs_1',
  checkoutUrl: 'https://checkout.test/cs_1',
  expiraEm: later(35),
  em: later(1),
};
export const APROVADO = {
  tipo: 'PagamentoAprovado',
  intencaoId: 'pi_1',
  valor: VALOR,
  em: later(2),
} as const satisfies PagamentoEvent;
export const RECUSADO: PagamentoEvent = {
  tipo: 'CartaoRecusado',
  recusaId: 'ch_1',
  codigo: 'card_declined',
  em: later(2),
};
export const CANCELADA = {
  tipo: 'CobrancaCancelada',
  motivo: 'SESSAO_EXPIRADA',
  em: later(35),
} as const satisfies PagamentoEvent;
export const PENDENTE = [CRIADA, SOLICITADO, ABERTO];

type Decision = Result<readonly PagamentoEvent[], Error & { motivo: string }> | readonly PagamentoEvent[];

/** Given these events, when this is decided, then these events or this refusal. */
export function given(...eventos: PagamentoEvent[]) {
  const estado = fold(eventos);
  return {
    when(decide: (estado: EstadoPagamento) => Decision) {
      const decision = decide(estado);
      const result = 'isSuccess' in decision ? decision : Result.ok(decision);
      return {
        yields: (...expected: PagamentoEvent[]) => expect(result).toEqual(Result.ok(expected)),
        refuses: (motivo: string) => expect(result).toMatchObject({ isFailure: true, error: { motivo } }),
      };
    },
  };
}
