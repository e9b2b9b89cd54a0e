/** Reasons of auth, as they travel on the wire (see `proto/auth/v1/motivo_erro.proto`). */
export type Motivo =
  | 'CREDENCIAIS_INVALIDAS'
  | 'EMAIL_JA_CADASTRADO'
  | 'SENHA_FRACA'
  | 'TOKEN_RENOVACAO_INVALIDO'
  | 'TOKEN_RENOVACAO_REUTILIZADO'
  | 'SERVICO_DESCONHECIDO'
  | 'AUDIENCIA_NAO_PERMITIDA'
  | 'USUARIO_NAO_ENCONTRADO'
  | 'ULTIMO_ADMIN'
  | 'CODIGO_EMAIL_INVALIDO';
