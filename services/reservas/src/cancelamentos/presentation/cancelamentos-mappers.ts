import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import type { Simulacao } from '../application/simular-cancelamento.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

export function excecaoFrom(excecao: ExcecaoProto): ExcecaoCancelamento | undefined {
  return EXCECAO[excecao];
}

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
