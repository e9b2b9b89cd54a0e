import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import {
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import type { Leitor } from '../../application/queries/reservas.ts';
import type { Simulacao } from '../../application/queries/simular-cancelamento.ts';
import type { ExcecaoCancelamento } from '../../domain/politica-cancelamento.ts';
import { fromDinheiro } from './common-mappers.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

/** @throws ConnectError `ACESSO_NEGADO` when somebody who is no ADMIN claims an exception. */
export function toExcecao(excecao: ExcecaoProto, { admin }: Leitor): ExcecaoCancelamento | undefined {
  const claimed = EXCECAO[excecao];
  if (claimed && !admin)
    throw rpcError(
      Code.PermissionDenied,
      'ACESSO_NEGADO',
      'Só a administração pode cancelar por motivo excepcional.',
    );
  return claimed;
}

export function fromSimulacao(
  simulacao: Simulacao,
): MessageInitShape<typeof SimularCancelamentoResponseSchema> {
  return {
    permitido: simulacao.permitido,
    percentualReembolso: simulacao.percentual,
    reembolso: fromDinheiro(simulacao.reembolso),
    creditoBonus: fromDinheiro(simulacao.creditoBonus),
    explicacao: simulacao.explicacao,
  };
}
