import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** Why a charge was closed without money. */
type MotivoCancelamento = 'SESSAO_EXPIRADA' | 'PRAZO_ESGOTADO';

/** What can happen to a payment. A stored event is a fact: its shape changes only by a new schema version. */
export type PagamentoEvent =
  | {
      readonly tipo: 'CobrancaCriada';
      readonly pagamentoId: string;
      readonly reservaId: string;
      readonly clienteId: string;
      readonly valor: Dinheiro;
      readonly descricao: string;
      readonly expiraEm: Date;
      readonly em: Date;
    }
  | {
      readonly tipo: 'CheckoutSolicitado';
      readonly tentativa: number;
      readonly expiraEm: Date;
      readonly em: Date;
    }
  | {
      readonly tipo: 'CheckoutAberto';
      readonly tentativa: number;
      readonly sessaoId: string;
      readonly checkoutUrl: string;
      readonly expiraEm: Date;
      readonly em: Date;
    }
  | { readonly tipo: 'CartaoRecusado'; readonly recusaId: string; readonly codigo: string; readonly em: Date }
  | {
      readonly tipo: 'PagamentoAprovado';
      readonly intencaoId: string;
      readonly valor: Dinheiro;
      readonly em: Date;
    }
  | { readonly tipo: 'CobrancaCancelada'; readonly motivo: MotivoCancelamento; readonly em: Date };

/** The page at the provider where the customer pays. */
export interface Checkout {
  readonly sessaoId: string;
  readonly url: string;
  readonly expiraEm: Date;
}

/**
 * One try to open a checkout. Its parameters are stored before the provider is called: under one idempotency key the
 * provider accepts only the very same parameters again.
 */
interface Tentativa {
  readonly numero: number;
  readonly expiraEm: Date;
}

interface DadosCobranca {
  readonly id: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  readonly descricao: string;
  /** Until when the slot is held; the checkout may live longer. */
  readonly expiraEm: Date;
  readonly tentativa?: Tentativa;
  readonly checkout?: Checkout;
  /** Identities of the declines, so that one decline told twice counts once. */
  readonly recusas: readonly string[];
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
}

/** Money that came in. */
interface Aprovacao {
  readonly intencaoId: string;
  readonly valor: Dinheiro;
  readonly em: Date;
}

export type Cobranca =
  | (DadosCobranca & { readonly fase: 'PENDENTE' })
  | (DadosCobranca & { readonly fase: 'APROVADO'; readonly aprovacao: Aprovacao })
  | (DadosCobranca & { readonly fase: 'CANCELADO'; readonly motivo: MotivoCancelamento });

export type EstadoPagamento = { readonly fase: 'INEXISTENTE' } | Cobranca;

export const INEXISTENTE: EstadoPagamento = { fase: 'INEXISTENTE' };

/** State changes only here and never fails, whatever the order of the events. */
function apply(estado: EstadoPagamento, evento: PagamentoEvent): EstadoPagamento {
  if (evento.tipo === 'CobrancaCriada') return novaCobranca(evento);
  if (estado.fase === 'INEXISTENTE') return estado;
  const atual = { ...estado, atualizadoEm: evento.em };
  switch (evento.tipo) {
    case 'CheckoutSolicitado':
      return { ...atual, tentativa: { numero: evento.tentativa, expiraEm: evento.expiraEm } };
    case 'CheckoutAberto':
      return { ...atual, checkout: checkoutDe(evento) };
    case 'CartaoRecusado':
      return { ...atual, recusas: [...estado.recusas, evento.recusaId] };
    case 'PagamentoAprovado': {
      const { intencaoId, valor, em } = evento;
      return { ...atual, fase: 'APROVADO', aprovacao: { intencaoId, valor, em } };
    }
    case 'CobrancaCancelada':
      return { ...atual, fase: 'CANCELADO', motivo: evento.motivo };
    default:
      return evento satisfies never;
  }
}

/** The state after all these events, starting from `inicial`. */
export function fold(
  eventos: readonly PagamentoEvent[],
  inicial: EstadoPagamento = INEXISTENTE,
): EstadoPagamento {
  return eventos.reduce(apply, inicial);
}

function novaCobranca(evento: Extract<PagamentoEvent, { tipo: 'CobrancaCriada' }>): EstadoPagamento {
  const { tipo: _, pagamentoId, em, ...dados } = evento;
  return { ...dados, fase: 'PENDENTE', id: pagamentoId, recusas: [], criadoEm: em, atualizadoEm: em };
}

function checkoutDe(evento: Extract<PagamentoEvent, { tipo: 'CheckoutAberto' }>): Checkout {
  return { sessaoId: evento.sessaoId, url: evento.checkoutUrl, expiraEm: evento.expiraEm };
}
