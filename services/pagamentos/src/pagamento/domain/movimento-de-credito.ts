import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoEvent } from './eventos.ts';
import type { Cobranca } from './pagamento.ts';

/** Credit of the customer that an event moves. */
export interface MovimentoDeCredito {
  readonly tipo: 'CREDITO_USADO' | 'CREDITO_DEVOLVIDO';
  readonly valor: Dinheiro;
  /** Number of the refund that gives it back; missing when a charge that was closed unpaid does. */
  readonly estorno?: number;
  readonly em: Date;
}

/** The event as a movement of credit, if it is one. @param cobranca after it, or after later events */
export function movimentoDeCredito(
  { creditos, estornos }: Cobranca,
  evento: PagamentoEvent,
): MovimentoDeCredito | undefined {
  const { em } = evento;
  switch (evento.tipo) {
    case 'CobrancaCriada':
    case 'CreditosUsados':
      return evento.creditos.centavos > 0n
        ? { tipo: 'CREDITO_USADO', valor: evento.creditos, em }
        : undefined;
    case 'CobrancaCancelada':
      return creditos.centavos > 0n ? { tipo: 'CREDITO_DEVOLVIDO', valor: creditos, em } : undefined;
    case 'EstornoConcluido': {
      const { numero, valor } = evento;
      const emCredito = estornos.some((estorno) => estorno.numero === numero && estorno.meio === 'CREDITO');
      return emCredito ? { tipo: 'CREDITO_DEVOLVIDO', valor, estorno: numero, em } : undefined;
    }
    default:
      return undefined;
  }
}
