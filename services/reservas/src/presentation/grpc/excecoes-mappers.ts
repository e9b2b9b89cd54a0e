import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import {
  type CriarReservaRequest,
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { Simulacao } from '../../application/queries/simular-cancelamento.ts';
import { NENHUMA_DISPENSA } from '../../domain/dispensas.ts';
import { AcessoNegadoError, administra, type Leitor } from '../../domain/gestor.ts';
import type { ExcecaoCancelamento } from '../../domain/politica-cancelamento.ts';
import { fromDinheiro, textOrUndefined } from './common-mappers.ts';
import { toRpcError } from './errors.ts';
import { toPedido } from './reservas-mappers.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

export function toExcecao(excecao: ExcecaoProto): ExcecaoCancelamento | undefined {
  return EXCECAO[excecao];
}

/** @throws ConnectError `ACESSO_NEGADO` when somebody who does not run the space books for others or leaves rules aside. */
export function toPedidoDeReserva(request: CriarReservaRequest, leitor: Leitor) {
  const { clienteId, ...porQuem } = toQuemReserva(request, leitor);
  const { guardarCreditos } = request;
  return { ...toPedido(request, clienteId), ...porQuem, guardarCreditos };
}

/** @throws ConnectError `ACESSO_NEGADO` when somebody who does not run the space books for others or leaves rules aside. */
export function toQuemReserva(
  request: Pick<CriarReservaRequest, 'clienteId' | 'dispensas' | 'espacoId'>,
  leitor: Leitor,
) {
  const { id } = leitor;
  const gere = administra(leitor, request.espacoId);
  const clienteId = textOrUndefined(request.clienteId) ?? id;
  if (clienteId !== id && !gere)
    throw negado('Só a administração ou quem gere o espaço pode reservar para outra pessoa.');
  if (request.dispensas && !gere)
    throw negado('Só a administração ou quem gere o espaço pode deixar regras de lado.');
  const { folga, antecedencia, limite, motivo } = request.dispensas ?? NENHUMA_DISPENSA;
  return { clienteId, quem: id, dispensas: { folga, antecedencia, limite, motivo } };
}

function negado(message: string): ConnectError {
  return toRpcError(new AcessoNegadoError(message));
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
    explicacao: simulacao.explicacao,
  };
}
