import { Code } from '@connectrpc/connect';
import { refusals } from '@plataforma/runtime/errors';

/** The refusals of notificacoes on the wire (see `proto/notificacoes/v1/motivo_erro.proto`). */
export const { valueOrThrow } = refusals({
  PAGINA_INVALIDA: Code.InvalidArgument,
  TELEFONE_AUSENTE: Code.InvalidArgument,
});
