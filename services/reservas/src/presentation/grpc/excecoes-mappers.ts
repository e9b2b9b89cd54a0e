import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';
import {
  type CriarReservaRequest,
  ExcecaoCancelamento as ExcecaoProto,
  type SimularCancelamentoResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import type { Leitor } from '../../application/queries/reservas.ts';
import type { Simulacao } from '../../application/queries/simular-cancelamento.ts';
import { NENHUMA_DISPENSA } from '../../domain/dispensas.ts';
import type { ExcecaoCancelamento } from '../../domain/politica-cancelamento.ts';
import { fromDinheiro, textOrUndefined } from './common-mappers.ts';
import { toPedido } from './reservas-mappers.ts';

const EXCECAO: Partial<Record<ExcecaoProto, ExcecaoCancelamento>> = {
  [ExcecaoProto.FORCA_MAIOR]: 'FORCA_MAIOR',
  [ExcecaoProto.PROBLEMA_NO_ESPACO]: 'PROBLEMA_NO_ESPACO',
};

/** @throws ConnectError `ACESSO_NEGADO` when somebody who is no ADMIN claims an exception. */
export function toExcecao(excecao: ExcecaoProto, { admin }: Leitor): ExcecaoCancelamento | undefined {
  const claimed = EXCECAO[excecao];
  if (claimed && !admin) throw soAdmin('Só a administração pode cancelar por motivo excepcional.');
  return claimed;
}

/** @throws ConnectError `ACESSO_NEGADO` when somebody who is no ADMIN books for others or leaves rules aside. */
export function toPedidoDeReserva(request: CriarReservaRequest, leitor: Leitor) {
  const { clienteId, ...porQuem } = toQuemReserva(request, leitor);
  const { guardarCreditos } = request;
  return { ...toPedido(request, clienteId), ...porQuem, guardarCreditos };
}

/** @throws ConnectError `ACESSO_NEGADO` when somebody who is no ADMIN books for others or leaves rules aside. */
export function toQuemReserva(
  request: Pick<CriarReservaRequest, 'clienteId' | 'dispensas'>,
  { id, admin }: Leitor,
) {
  const clienteId = textOrUndefined(request.clienteId) ?? id;
  if (clienteId !== id && !admin) throw soAdmin('Só a administração pode reservar para outra pessoa.');
  if (request.dispensas && !admin) throw soAdmin('Só a administração pode deixar regras de lado.');
  const { folga, antecedencia, limite, motivo } = request.dispensas ?? NENHUMA_DISPENSA;
  return { clienteId, quem: id, dispensas: { folga, antecedencia, limite, motivo } };
}

function soAdmin(message: string): ConnectError {
  return rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', message);
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
