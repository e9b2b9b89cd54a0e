import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { UsarCreditosRequest } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PermanentError } from '@plataforma/runtime/event-message';
import type { CriarCobrancaCommand } from './application/criar-cobranca.ts';
import type { UsarCreditosCommand } from './application/usar-creditos.ts';

/** What the calls and the events that ask for a charge have in common, field by field. */
type Pedido = Omit<UsarCreditosRequest, '$typeName' | '$unknown'>;

/** @param causa what led to it, for the history of the payment */
export function criarCobrancaFrom(
  pedido: Pedido & { readonly guardarCreditos: boolean },
  causa: string,
): CriarCobrancaCommand {
  return { ...usarCreditosFrom(pedido, causa), guardarCreditos: pedido.guardarCreditos };
}

export function usarCreditosFrom(pedido: Pedido, causa: string): UsarCreditosCommand {
  const { reservaId, clienteId, valor, descricao, expiraEm } = pedido;
  // Only an event can lack them: the calls are validated.
  if (!valor || !expiraEm) throw new PermanentError(`${reservaId}: asks for a charge without amount or end`);
  return {
    ...{ reservaId, clienteId, descricao, causa },
    valor: Dinheiro.deCentavos(valor.centavos, valor.moeda),
    expiraEm: timestampDate(expiraEm),
  };
}
