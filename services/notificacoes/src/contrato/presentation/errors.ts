import { Code } from '@connectrpc/connect';
import { refusals } from '@plataforma/runtime/errors';

/** The refusals of notificacoes on the wire (see `proto/notificacoes/v1/motivo_erro.proto`). */
export const { valueOrThrow } = refusals({
  PAGINA_INVALIDA: Code.InvalidArgument,
  TELEFONE_AUSENTE: Code.InvalidArgument,
  WEBHOOK_NAO_ENCONTRADO: Code.NotFound,
  LIMITE_DE_WEBHOOKS: Code.FailedPrecondition,
  URL_NAO_PERMITIDA: Code.InvalidArgument,
  ENTREGA_NAO_ENCONTRADA: Code.NotFound,
  WEBHOOK_DESATIVADO: Code.FailedPrecondition,
  PERIODO_INVALIDO: Code.InvalidArgument,
  DISPOSITIVO_NAO_ENCONTRADO: Code.NotFound,
  INSCRICAO_PUSH_INVALIDA: Code.InvalidArgument,
  PUSH_NAO_OFERECIDO: Code.FailedPrecondition,
  LIMITE_DE_DISPOSITIVOS: Code.ResourceExhausted,
  SESSAO_ENCERRADA: Code.Unauthenticated,
  DONO_SEM_ACESSO: Code.PermissionDenied,
  CONTATO_NAO_ENCONTRADO: Code.NotFound,
  PREFERENCIA_OBRIGATORIA: Code.InvalidArgument,
  IDIOMA_INEXISTENTE: Code.InvalidArgument,
  SILENCIO_INVALIDO: Code.InvalidArgument,
  FUSO_INVALIDO: Code.InvalidArgument,
  TELEFONE_INVALIDO: Code.InvalidArgument,
  CODIGO_DE_TELEFONE_INVALIDO: Code.InvalidArgument,
  MUITOS_CODIGOS: Code.ResourceExhausted,
  EMAIL_NAO_VERIFICADO: Code.FailedPrecondition,
  SMS_DESLIGADO: Code.FailedPrecondition,
  SMS_RECUSADO: Code.FailedPrecondition,
});
