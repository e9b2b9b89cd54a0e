/** Reasons of auth, as they travel on the wire (see the `motivo_erro.proto` of `proto/auth/v1` and `proto/comum/v1`). */
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
  | 'REQUISICAO_INVALIDA'
  | 'ACESSO_NEGADO'
  | 'MUITAS_TENTATIVAS'
  | 'CODIGO_EMAIL_INVALIDO';
