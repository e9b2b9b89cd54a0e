import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { fromDinheiro } from '../../comum/presentation/common-mappers.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import type { Simulacao } from '../application/simular-cancelamento.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

export function toExcecao(excecao: ExcecaoProto): ExcecaoCancelamento | undefined {
  return EXCECAO[excecao];
}

export function fromSimulacao(
  simulacao: Simulacao,
): MessageInitShape<typeof SimularCancelamentoResponseSchema> {
  return {
    permitido: simulacao.permitido,
    percentualReembolso: simulacao.percentual,
    reembolso: fromDinheiro(simulacao.reembolso),
    reembolsoCreditos: fromDinheiro(simulacao.reembolsoCreditos),
    creditoBonus: fromDinheiro(simulacao.creditoBonus),
    jaDevolvido: fromDinheiro(simulacao.jaDevolvido),
    explicacao: simulacao.explicacao,
  };
}
