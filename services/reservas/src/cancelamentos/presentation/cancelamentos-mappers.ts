import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SimularCancelamentoResponseSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import type { Simulacao } from '../application/simular-cancelamento.ts';

export function toSimulacaoProto(
  simulacao: Simulacao,
): MessageInitShape<typeof SimularCancelamentoResponseSchema> {
  return {
    permitido: simulacao.permitido,
    percentualReembolso: simulacao.percentual,
    reembolso: toDinheiroProto(simulacao.reembolso),
    reembolsoCreditos: toDinheiroProto(simulacao.reembolsoCreditos),
    creditoBonus: toDinheiroProto(simulacao.creditoBonus),
    jaDevolvido: toDinheiroProto(simulacao.jaDevolvido),
    explicacao: simulacao.explicacao,
  };
}
