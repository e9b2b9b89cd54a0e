/** What a security notice tells its reader. */
export type TipoAviso =
  | 'SENHA_ALTERADA'
  | 'SENHA_REDEFINIDA'
  | 'MFA_ATIVADO'
  | 'MFA_DESATIVADO'
  | 'MFA_RETIRADO'
  | 'CODIGO_RECUPERACAO_USADO'
  | 'CODIGOS_RECUPERACAO_NOVOS'
  | 'EMAIL_ALTERADO'
  | 'GOOGLE_VINCULADO'
  | 'GOOGLE_DESVINCULADO'
  | 'SESSOES_ENCERRADAS_POR_REUSO'
  | 'CADASTRO_REPETIDO'
  | 'DADOS_EXPORTADOS'
  | 'EMAIL_ALTERACAO_PEDIDA'
  | 'EMAIL_DEVOLVIDO'
  | 'PASSKEY_ADICIONADA'
  | 'PASSKEY_REMOVIDA'
  | 'DISPOSITIVO_NOVO'
  | 'CHAVE_CRIADA'
  | 'CHAVE_ROTACIONADA';

/** Something that the owner of an account has to hear of, by mail. */
export interface Aviso {
  readonly usuarioId: string;
  /** Who did it, where that is an administrator; left out: the owner, or a stranger. */
  readonly administrador?: string;
  readonly tipo: TipoAviso;
  /** What the record says of it besides; the owner is not told. */
  readonly detalhe?: string;
  /** Where the call came from that did it, which the owner is not told of an administrator; empty texts when that is not known. */
  readonly origem: { readonly endereco: string; readonly dispositivo: string; readonly requisicao?: string };
  readonly em: Date;
  /** A verified address that it goes to; left out: the present one of the account. */
  readonly email?: string;
  /** Until when a new password that is asked for with that address gives it back to the account; left out: it does not. */
  readonly voltaAte?: Date | undefined;
}
