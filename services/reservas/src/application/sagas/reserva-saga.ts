import type { PedidoDeCobranca } from '../ports.ts';

/** What the saga hears of: its own service's facts and those of pagamentos. */
export type FatoDaSaga =
  | ({ readonly tipo: 'ReservaCriada' } & PedidoDeCobranca)
  | {
      readonly tipo: 'CobrancaCriada';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly checkoutUrl: string;
    }
  | { readonly tipo: 'PagamentoAprovado'; readonly reservaId: string; readonly pagamentoId: string }
  | {
      readonly tipo: 'PagamentoRecusado';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly motivo: string;
      readonly definitiva: boolean;
    };

/** What the saga wants done. Only `CriarCobranca` leaves the service. */
export type ComandoDaSaga = ({ readonly tipo: 'CriarCobranca' } & PedidoDeCobranca) | ComandoLocal;

/** A command that is done inside one database transaction. */
export type ComandoLocal =
  | {
      readonly tipo: 'RegistrarCobranca';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly checkoutUrl: string;
    }
  | { readonly tipo: 'ConfirmarReserva'; readonly reservaId: string; readonly pagamentoId: string }
  | {
      readonly tipo: 'RegistrarRecusa';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly porque: string;
    };

/** The booking saga: from a fact to what has to be done next. Its state is the status of the reservation. */
export function reservaSaga(fato: FatoDaSaga): readonly ComandoDaSaga[] {
  switch (fato.tipo) {
    case 'ReservaCriada':
      return [{ ...fato, tipo: 'CriarCobranca' }];
    case 'CobrancaCriada':
      return [{ ...fato, tipo: 'RegistrarCobranca' }];
    case 'PagamentoAprovado':
      return [{ ...fato, tipo: 'ConfirmarReserva' }];
    case 'PagamentoRecusado': {
      // A declined card is not final: the customer may try another one until the hold runs out.
      const { reservaId, pagamentoId, motivo, definitiva } = fato;
      const porque = `${definitiva ? 'cobrança recusada em definitivo' : 'cartão recusado'}: ${motivo}`;
      return [{ tipo: 'RegistrarRecusa', reservaId, pagamentoId, porque }];
    }
    default:
      return fato satisfies never;
  }
}
