import { Code, type ConnectError } from '@connectrpc/connect';
import type { Result } from '@plataforma/domain/result';
import { rpcError } from '@plataforma/runtime/errors';
import type { Motivo, Recusa } from '../domain/recusa.ts';

/** A new reason without a line here does not compile. */
const CODIGO: Readonly<Record<Motivo, Code>> = {
  ACESSO_NEGADO: Code.PermissionDenied,
  ESPACO_NAO_ENCONTRADO: Code.NotFound,
  RESERVA_NAO_ENCONTRADA: Code.NotFound,
  ESPACO_INDISPONIVEL: Code.AlreadyExists,
  PERIODO_INVALIDO: Code.InvalidArgument,
  ESPACO_INATIVO: Code.FailedPrecondition,
  ESPACO_FECHADO: Code.FailedPrecondition,
  FECHAMENTO_NAO_ENCONTRADO: Code.NotFound,
  CANCELAMENTO_FORA_DO_PRAZO: Code.FailedPrecondition,
  MOTIVO_OBRIGATORIO: Code.InvalidArgument,
  ANTECEDENCIA_MINIMA: Code.FailedPrecondition,
  ANTECEDENCIA_MAXIMA: Code.FailedPrecondition,
  DURACAO_MINIMA: Code.FailedPrecondition,
  DURACAO_MAXIMA: Code.FailedPrecondition,
  FORA_DA_GRADE: Code.FailedPrecondition,
  FORA_DO_HORARIO: Code.FailedPrecondition,
  LIMITE_DE_RESERVAS: Code.FailedPrecondition,
  EXTRA_INVALIDO: Code.FailedPrecondition,
  COTACAO_INVALIDA: Code.FailedPrecondition,
  TRANSICAO_INVALIDA: Code.FailedPrecondition,
  PAGAMENTO_NAO_APROVADO: Code.FailedPrecondition,
  ESPACO_INVALIDO: Code.InvalidArgument,
  ETAG_DESATUALIZADA: Code.Aborted,
  PAGINA_INVALIDA: Code.InvalidArgument,
  SERIE_NAO_ENCONTRADA: Code.NotFound,
  RECORRENCIA_INVALIDA: Code.InvalidArgument,
  SERIE_COM_CONFLITOS: Code.AlreadyExists,
  SERIE_COM_RECUSAS: Code.FailedPrecondition,
  HORARIO_INEXISTENTE: Code.FailedPrecondition,
  ENTRADA_NAO_ENCONTRADA: Code.NotFound,
  VAGA_DISPONIVEL: Code.FailedPrecondition,
  JA_NA_FILA: Code.AlreadyExists,
  LIMITE_DE_ESPERAS: Code.FailedPrecondition,
  LIMITE_DE_PENDENTES: Code.FailedPrecondition,
  LIMITE_DE_HORAS_PENDENTES: Code.FailedPrecondition,
  PENDENCIA_RECENTE: Code.FailedPrecondition,
  CALENDARIO_NAO_ENCONTRADO: Code.NotFound,
  LIMITE_DE_CALENDARIOS: Code.FailedPrecondition,
  CLIENTE_NAO_ENCONTRADO: Code.NotFound,
  CONFLITO_DE_INTERESSES: Code.FailedPrecondition,
  LIMITE_DE_BONUS: Code.FailedPrecondition,
  VALOR_ABAIXO_DO_MINIMO: Code.FailedPrecondition,
  VALOR_ACIMA_DO_MAXIMO: Code.FailedPrecondition,
};

/** The refusal as the caller sees it. */
export function toRpcError({ motivo, message, detalhes }: Recusa): ConnectError {
  return rpcError(CODIGO[motivo], motivo, message, { ...detalhes });
}

/** The value of a result; a refusal leaves as an RPC error. */
export function valueOrThrow<T>(result: Result<T, Recusa>): T {
  if (result.isFailure) throw toRpcError(result.error);
  return result.value;
}
