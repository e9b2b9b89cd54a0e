import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ObterCreditosResponseSchema } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { fromDinheiro } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { CreditosView } from '../application/obter-creditos.ts';

export function fromCreditos({
  saldo,
  lotes,
}: CreditosView): MessageInitShape<typeof ObterCreditosResponseSchema> {
  const mensagens = lotes.map(({ restante, concedidoEm, expiraEm }) => ({
    restante: fromDinheiro(restante),
    concedidoEm: timestampFromDate(concedidoEm),
    expiraEm: timestampFromDate(expiraEm),
  }));
  return { saldo: fromDinheiro(saldo), lotes: mensagens };
}
