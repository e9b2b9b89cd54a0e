import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ObterCreditosResponseSchema } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import { principalOf } from '@plataforma/runtime/principal';
import { clienteDe } from '../../pagamento/presentation/alcance.ts';
import { toDinheiroProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { RpcsDePagamentos } from '../../pagamento/presentation/pagamentos-service.ts';
import type { CreditosQueries, CreditosView } from '../application/creditos-queries.ts';

interface Deps {
  readonly creditos: CreditosQueries;
  readonly clock: Clock;
}

export function creditosRpcs({ creditos, clock }: Deps): RpcsDePagamentos<'obterCreditos'> {
  return {
    async obterCreditos(req, context) {
      const dono = clienteDe(req, principalOf(context));
      return toCreditosProto(await creditos.doCliente(dono, clock.now()));
    },
  };
}

function toCreditosProto({
  saldo,
  lotes,
}: CreditosView): MessageInitShape<typeof ObterCreditosResponseSchema> {
  const mensagens = lotes.map(({ restante, concedidoEm, expiraEm }) => ({
    restante: toDinheiroProto(restante),
    concedidoEm: timestampFromDate(concedidoEm),
    expiraEm: timestampFromDate(expiraEm),
  }));
  return { saldo: toDinheiroProto(saldo), lotes: mensagens };
}
