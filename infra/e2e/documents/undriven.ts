/** What the gate cannot have answered on a platform that it shares, and why. A row of what is driven after all fails. */
export const UNDRIVEN: readonly { readonly which: RegExp; readonly why: string }[] = [
  {
    which: / LIMITE_DE_REQUISICOES$/,
    why: 'all clients of a local stack have one address: its limits are out of reach',
  },
  {
    which:
      /^AuthService_(Signup|Signup_2|VerifyMfa|StartGoogle|StartGoogleLink|ForgotPassword|ResetPassword|ChangePassword) MUITAS_TENTATIVAS$/,
    why: 'limits of an address, too',
  },
  {
    which: /^PasskeysService_(RemovePasskey|StartPasskeyLogin) MUITAS_TENTATIVAS$/,
    why: 'limits of an address, too',
  },
  {
    which: / (REQUISICAO_EM_ANDAMENTO|CONFLITO_CONCORRENCIA|EXPORTACAO_EM_ANDAMENTO)$/,
    why: 'moments: the specs of idempotency and the races meet them',
  },
  {
    which:
      / (GOOGLE_INDISPONIVEL|PUSH_NAO_OFERECIDO|SMS_DESLIGADO|PROVEDOR_INDISPONIVEL|SERVICO_INDISPONIVEL)$/,
    why: 'a provider would have to be away, or another configuration',
  },
  { which: / (SMS_RECUSADO|TELEFONE_INVALIDO)$/, why: 'of a number that the provider knows' },
  {
    which:
      / (ULTIMO_ADMIN|SENHA_NECESSARIA|USUARIO_INATIVO|DONO_SEM_ACESSO|SESSAO_ENCERRADA|EMAIL_JA_CADASTRADO)$/,
    why: 'of accounts that change between two calls, which the specs of the services have',
  },
  { which: / CLIENTE_NAO_ENCONTRADO$/, why: 'of an account that is gone: its token has ended before' },
  {
    which:
      /^ChavesApiService_(CriarChave|RotacionarChave) (EMAIL_NAO_VERIFICADO|LIMITE_DE_CHAVES|LOGIN_RECENTE_NECESSARIO|MFA_\w+|MUITAS_TENTATIVAS)$/,
    why: 'asked as of an export, which is driven with all of them',
  },
  {
    which: / (EXPORTACOES_DEMAIS|PASSKEY_LIMITE|PASSKEY_JA_REGISTRADA)$/,
    why: 'takes a day, or dozens of devices',
  },
  { which: /^AuthService_SetupMfa MFA_/, why: 'an account with a factor is told MFA_JA_ATIVO before' },
  {
    which:
      /^(AuthService_(StartGoogleLink|LinkGoogle)|TelefonesService_PedirCodigoDeTelefone) EMAIL_NAO_VERIFICADO$/,
    why: 'needs an account without a verified address that is linked',
  },
  { which: /^AuthService_LinkGoogle GOOGLE_JA_VINCULADO$/, why: 'of two links at the same time' },
  {
    which: /^AuthService_ResendVerification /,
    why: 'a message a minute: the one of the sign-up is the first',
  },
  { which: /^ContatosService_LiberarContato /, why: 'of an address that mail came back from' },
  { which: /^SeriesService_CancelarSerie MOTIVO_OBRIGATORIO$/, why: 'of an occurrence that has begun' },
  {
    which: /^(PerguntarDescadastro|Descadastrar|Retornos\w+|RespostasTwilio) OK$/,
    why: 'signed by providers, or by a link in a message',
  },
  {
    which:
      /^(AuthService_(ActivateMfa|DisableMfa)|DispositivosService_\w+|WebhooksService_CriarWebhook|PagamentosService_EstornarPagamento) CHAVE_IDEMPOTENCIA_REUTILIZADA$/,
    why: 'the first call of its caller that has an effect in its service',
  },
];
