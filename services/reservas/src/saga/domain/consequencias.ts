import { Result } from '@plataforma/domain/result';
import type { Recusa } from '../../comum/domain/recusa.ts';
import type { Autoria, NoticiaDeEstorno } from '../../reservas/domain/estado-reserva.ts';
import { comDetalhe } from '../../reservas/domain/historico.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import type { FatoDaSaga } from './fato.ts';

/** A change that a fact asks of its reservation. */
export interface Consequencia {
  /** As the saga of a reservation is told. */
  readonly comando: string;
  readonly porque: string;
  /** @param vagaLivre whether the slot of a reservation that expired can be had again */
  mudar(reserva: Reserva, autoria: Autoria, vagaLivre: boolean): Result<void, Recusa>;
}

/**
 * What follows from each fact, in order. What that means in each status is decided by `Reserva`; the spec beside this is the table
 * of facts and statuses.
 */
export function consequenciasDe(fato: FatoDaSaga): readonly Consequencia[] {
  switch (fato.tipo) {
    case 'CobrancaCriada': {
      const { pagamentoId, checkoutUrl, creditosUsados } = fato;
      return [
        {
          comando: 'RegistrarCobranca',
          porque: 'cobrança criada',
          mudar: (reserva, autoria) =>
            reserva.registrarCobranca(pagamentoId, checkoutUrl, autoria, creditosUsados?.centavos),
        },
      ];
    }
    case 'PagamentoAprovado':
      return [
        {
          comando: 'ReceberPagamento',
          porque: 'pagamento aprovado',
          mudar: (reserva, autoria, vagaLivre) =>
            reserva.receberPagamento(fato.pagamentoId, vagaLivre, autoria, fato),
        },
      ];
    case 'PagamentoRecusado': {
      const { pagamentoId, motivo, definitiva } = fato;
      const recusada: Consequencia = {
        comando: 'RegistrarRecusa',
        porque: comDetalhe(definitiva ? 'cobrança recusada em definitivo' : 'cartão recusado', motivo),
        mudar: (reserva, autoria) => Result.ok(reserva.registrarRecusa(pagamentoId, autoria)),
      };
      // A declined card is not final: the customer may try another one until the hold runs out.
      return definitiva ? [recusada, expirar(pagamentoId)] : [recusada];
    }
    case 'CobrancaCancelada':
      return [expirar(fato.pagamentoId, fato.foiPaga)];
    case 'DevolucaoRecusada':
      return [
        {
          comando: 'RegistrarDevolucaoRecusada',
          porque: comDetalhe('devolução recusada', fato.motivo),
          mudar: (reserva, autoria) => Result.ok(reserva.recusarDevolucao(autoria)),
        },
      ];
    case 'EstornoMudou':
    case 'DisputaPerdida':
      return [
        {
          comando: 'RegistrarEstorno',
          porque: comDetalhe(situacaoDe(fato), fato.porque),
          mudar: (reserva, autoria) => Result.ok(reserva.registrarEstorno(fato.pagamentoId, fato, autoria)),
        },
      ];
    default:
      return fato satisfies never;
  }
}

function expirar(pagamentoId: string | undefined, foiPaga?: boolean): Consequencia {
  return {
    comando: 'ExpirarReserva',
    porque: 'cobrança encerrada sem pagamento',
    mudar: (reserva, autoria) => reserva.expirar(pagamentoId, autoria, { foiPaga }),
  };
}

function situacaoDe({ estorno }: NoticiaDeEstorno): string {
  return estorno ? `estorno ${estorno.status.toLowerCase()}` : 'disputa perdida para o banco do cliente';
}
