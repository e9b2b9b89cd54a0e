import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** Why a charge is to be closed although its checkout could still be paid. */
export type MotivoEncerramento = 'RESERVA_EXPIRANDO' | 'RESERVA_CANCELADA';

/** Why a charge was closed without money. */
export type MotivoCancelamento = 'SESSAO_EXPIRADA' | 'PRAZO_ESGOTADO' | MotivoEncerramento;

/**
 * Who asked for a refund; `PROVEDOR`: it was made at the provider itself, say by hand in its dashboard; `EXCEDENTE`: no
 * person, more was captured than charged.
 */
export type OrigemEstorno = 'CANCELAMENTO' | 'NAO_APROVEITADO' | 'ADMIN' | 'PROVEDOR' | 'EXCEDENTE';

/** Where a refund goes: money to the card, credit to the customer's credit. */
export type MeioEstorno = 'CARTAO' | 'CREDITO';

/** How a dispute ends that the customer's bank wins; all other ends leave the money here. */
export const DISPUTA_PERDIDA = 'lost';

/** Why money goes back when another amount was captured than charged: all of it when it is less, otherwise the surplus. */
export const CAPTURA_DIVERGENTE = 'CAPTURA_DIVERGENTE';

/** Why a refund ends that was not made because another was made by hand at the provider instead: no operator has to act. */
export const FEITO_NO_PROVEDOR = 'FEITO_NO_PROVEDOR';

/** What can happen to a payment. A stored event is a fact: its shape changes only by a new schema version. */
export type PagamentoEvent = EventoDaCobranca | EventoDoEncerramento | EventoDoEstorno;

type EventoDaCobranca =
  | {
      readonly tipo: 'CobrancaCriada';
      readonly pagamentoId: string;
      readonly reservaId: string;
      readonly clienteId: string;
      readonly valor: Dinheiro;
      /** The part of `valor` that store credit pays, set aside from now on. */
      readonly creditos: Dinheiro;
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
  /** The customer wants their credit to pay what the card was asked for. On record before the checkout is closed. */
  | { readonly tipo: 'CreditosPedidos'; readonly em: Date }
  /** Unpaid, and it cannot be paid any more: another one follows. */
  | { readonly tipo: 'CheckoutFechado'; readonly sessaoId: string; readonly em: Date }
  /** Set aside from now on; zero when it was spent elsewhere meanwhile. */
  | { readonly tipo: 'CreditosUsados'; readonly creditos: Dinheiro; readonly em: Date }
  | { readonly tipo: 'CartaoRecusado'; readonly recusaId: string; readonly codigo: string; readonly em: Date }
  | {
      readonly tipo: 'PagamentoAprovado';
      /** Missing when credit paid everything. */
      readonly intencaoId?: string;
      /** What the card paid. */
      readonly valor: Dinheiro;
      readonly em: Date;
    }
  /** Told once more, because reservas has not said what became of the reservation. */
  | { readonly tipo: 'AprovacaoReanunciada'; readonly em: Date }
  | { readonly tipo: 'CobrancaCancelada'; readonly motivo: MotivoCancelamento; readonly em: Date };

type EventoDoEncerramento =
  /** The reservation ended before its charge was asked for, which is therefore refused for ever. */
  | {
      readonly tipo: 'CobrancaImpedida';
      readonly pagamentoId: string;
      readonly reservaId: string;
      readonly clienteId: string;
      /** Zero: the reservation has not said how much. */
      readonly valor: Dinheiro;
      readonly motivo: MotivoEncerramento;
      readonly pedido: number;
      readonly em: Date;
    }
  /** On record before the provider is asked to expire the checkout. */
  | {
      readonly tipo: 'EncerramentoSolicitado';
      readonly motivo: MotivoEncerramento;
      /** Version of the reservation that asks. */
      readonly pedido: number;
      readonly em: Date;
    }
  /** A later request, answered again with what was known. */
  | { readonly tipo: 'EncerramentoRespondido'; readonly pedido: number; readonly em: Date };

type EventoDoEstorno =
  /** On record before the provider is asked to give the money back. Credit is back with the event that follows. */
  | {
      readonly tipo: 'EstornoSolicitado';
      readonly numero: number;
      readonly meio: MeioEstorno;
      readonly valor: Dinheiro;
      readonly origem: OrigemEstorno;
      readonly motivo: string;
      /** Number of the first movement of the refund that this belongs to; missing when that is this one. */
      readonly pedido?: number;
      readonly em: Date;
    }
  | {
      readonly tipo: 'EstornoPendente';
      readonly numero: number;
      readonly refundId: string;
      readonly em: Date;
    }
  | {
      readonly tipo: 'EstornoConcluido';
      readonly numero: number;
      /** Missing for credit. */
      readonly refundId?: string;
      readonly valor: Dinheiro;
      readonly em: Date;
    }
  | {
      readonly tipo: 'EstornoFalhou';
      readonly numero: number;
      /** Missing when the provider did not even take the request. */
      readonly refundId?: string;
      readonly valor: Dinheiro;
      readonly motivo: string;
      /** It had counted as done: the money has come back to us. */
      readonly devolvido: boolean;
      readonly em: Date;
    }
  | {
      readonly tipo: 'DisputaAberta';
      readonly disputaId: string;
      readonly motivo: string;
      readonly valor: Dinheiro;
      /** Only asked about so far: nothing has been taken, and a refund settles it. */
      readonly consulta?: true;
      readonly em: Date;
    }
  | {
      readonly tipo: 'DisputaEncerrada';
      readonly disputaId: string;
      readonly resultado: string;
      readonly em: Date;
    };
