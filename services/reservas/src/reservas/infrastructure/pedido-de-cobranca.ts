import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { semCreditos } from '../domain/aceite.ts';
import { descricaoDaCobranca } from '../domain/descricao-da-cobranca.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';

/**
 * What pagamentos is asked to charge. The events that ask for it and the calls that ask for it now say just this, so it makes
 * no difference which of them comes first.
 */
export function toPedidoDeCobrancaProto(reserva: EstadoReserva) {
  const { id, clienteId, preco, expiraEm } = reserva;
  const { centavos, moeda } = preco.valor;
  return {
    reservaId: id,
    clienteId,
    valor: { centavos, moeda },
    descricao: descricaoDaCobranca(reserva),
    expiraEm: timestampFromDate(expiraEm),
    guardarCreditos: semCreditos(reserva),
  };
}
