import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type CriarReservaRequest,
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { Simulacao } from '../../application/queries/simular-cancelamento.ts';
import { NENHUMA_DISPENSA } from '../../domain/dispensas.ts';
import { exigirPoder } from '../../domain/poderes.ts';
import type { ExcecaoCancelamento } from '../../domain/politica-cancelamento.ts';
import type { Leitor } from '../../domain/solicitante.ts';
import { fromDinheiro, textOrUndefined } from './common-mappers.ts';
import { valueOrThrow } from './errors.ts';
import { toPedido } from './reservas-mappers.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

export function toExcecao(excecao: ExcecaoProto): ExcecaoCancelamento | undefined {
  return EXCECAO[excecao];
}

/** @throws ConnectError `ACESSO_NEGADO` for what the caller may not ask. */
export function toPedidoDeReserva(request: CriarReservaRequest, leitor: Leitor) {
  const { clienteId, ...porQuem } = toQuemReserva('CriarReserva', request, leitor);
  const { guardarCreditos } = request;
  return { ...toPedido(request, clienteId), ...porQuem, guardarCreditos };
}

/** @throws ConnectError `ACESSO_NEGADO` for what the caller may not ask. */
export function toQuemReserva(
  rpc: 'CriarReserva' | 'SimularSerie' | 'CriarSerie',
  request: Pick<CriarReservaRequest, 'clienteId' | 'dispensas' | 'espacoId'>,
  leitor: Leitor,
) {
  const { id } = leitor;
  const clienteId = textOrUndefined(request.clienteId) ?? id;
  if (clienteId !== id) valueOrThrow(exigirPoder(`${rpc}.cliente_id`, leitor, request.espacoId));
  if (request.dispensas) valueOrThrow(exigirPoder(`${rpc}.dispensas`, leitor, request.espacoId));
  const { folga, antecedencia, limite, motivo } = request.dispensas ?? NENHUMA_DISPENSA;
  return { clienteId, quem: id, dispensas: { folga, antecedencia, limite, motivo } };
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
