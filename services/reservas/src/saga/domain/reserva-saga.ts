import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { NoticiaDeEstorno } from '../../reservas/domain/estado-reserva.ts';

/** What is to be paid, by whom, until when. */
export interface PedidoDeCobranca {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  readonly descricao: string;
  readonly expiraEm: Date;
  /** The card pays everything. */
  readonly guardarCreditos: boolean;
}

/** What the saga hears of: its own service's facts and those of pagamentos. */
export type FatoDaSaga =
  | ({ readonly tipo: 'ReservaCriada' } & PedidoDeCobranca)
  | ({ readonly tipo: 'ReservaAceita' } & PedidoDeCobranca)
  | {
      readonly tipo: 'CobrancaCriada';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly checkoutUrl: string;
      /** The part that store credit pays; its checkout replaces one that asked for everything. Default none. */
      readonly creditosUsados?: Dinheiro;
    }
  | ({ readonly tipo: 'PagamentoAprovado' } & PagamentoRecebido)
  | {
      readonly tipo: 'PagamentoRecusado';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly motivo: string;
      readonly definitiva: boolean;
    }
  | {
      readonly tipo: 'CobrancaCancelada';
      readonly reservaId: string;
      /** Undefined when pagamentos knows of no charge; it refuses a later one. */
      readonly pagamentoId: string | undefined;
      /** It was paid, and all of that goes back. Default: it was not paid when this was said. */
      readonly foiPaga?: boolean;
    }
  /** Of what a cancellation asks for, nothing goes back. */
  | { readonly tipo: 'DevolucaoRecusada'; readonly reservaId: string; readonly motivo: string }
  | ({ readonly tipo: 'EstornoMudou' | 'DisputaPerdida' } & MovimentoDeVolta);

/** Money that goes back, has gone back, or could not; or that the customer's bank has taken. */
export interface MovimentoDeVolta extends NoticiaDeEstorno {
  readonly reservaId: string;
  readonly pagamentoId: string;
  /** Of a refund that failed. */
  readonly porque?: string;
}

/** A payment that has come in. */
export interface PagamentoRecebido {
  readonly reservaId: string;
  readonly pagamentoId: string;
  /** What was paid, by credit and by card together. Default the price. */
  readonly valor?: Dinheiro;
  /** The part that store credit has paid. Default none. */
  readonly creditosUsados?: Dinheiro;
  /** pagamentos has not heard what became of it, and asks. */
  readonly pedeDesfecho?: boolean;
}

/** A command that leaves the service. */
export type ComandoRemoto = { readonly tipo: 'CriarCobranca' | 'UsarCreditos' } & PedidoDeCobranca;

/** What the saga wants done. */
export type ComandoDaSaga = ComandoRemoto | ComandoLocal;

/** A command that is done inside one database transaction. */
export type ComandoLocal =
  | {
      readonly tipo: 'RegistrarCobranca';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly checkoutUrl: string;
      readonly creditosUsados?: Dinheiro;
    }
  | ({ readonly tipo: 'ReceberPagamento' } & PagamentoRecebido)
  | {
      readonly tipo: 'ExpirarReserva';
      readonly reservaId: string;
      readonly pagamentoId: string | undefined;
      readonly foiPaga?: boolean;
    }
  | { readonly tipo: 'RegistrarDevolucaoRecusada'; readonly reservaId: string; readonly porque: string }
  | ({ readonly tipo: 'RegistrarEstorno' } & MovimentoDeVolta)
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
    case 'ReservaAceita':
      return [{ ...fato, tipo: 'UsarCreditos' }];
    case 'CobrancaCriada':
      return [{ ...fato, tipo: 'RegistrarCobranca' }];
    case 'PagamentoAprovado':
      return [{ ...fato, tipo: 'ReceberPagamento' }];
    case 'PagamentoRecusado': {
      const { reservaId, pagamentoId, motivo, definitiva } = fato;
      const porque = `${definitiva ? 'cobrança recusada em definitivo' : 'cartão recusado'}: ${motivo}`;
      const registrar = { tipo: 'RegistrarRecusa', reservaId, pagamentoId, porque } as const;
      // A declined card is not final: the customer may try another one until the hold runs out.
      return definitiva ? [registrar, { tipo: 'ExpirarReserva', reservaId, pagamentoId }] : [registrar];
    }
    case 'CobrancaCancelada':
      return [{ ...fato, tipo: 'ExpirarReserva' }];
    case 'DevolucaoRecusada': {
      const { reservaId, motivo } = fato;
      return [{ tipo: 'RegistrarDevolucaoRecusada', reservaId, porque: `devolução recusada: ${motivo}` }];
    }
    case 'EstornoMudou':
    case 'DisputaPerdida':
      return [{ ...fato, tipo: 'RegistrarEstorno' }];
    default:
      return fato satisfies never;
  }
}
