/** What a security notice tells its reader. */
export type TipoAviso =
  | 'SENHA_ALTERADA'
  | 'SENHA_REDEFINIDA'
  | 'MFA_ATIVADO'
  | 'MFA_DESATIVADO'
  | 'CODIGO_RECUPERACAO_USADO'
  | 'EMAIL_ALTERADO'
  | 'GOOGLE_VINCULADO'
  | 'GOOGLE_DESVINCULADO'
  | 'SESSOES_ENCERRADAS_POR_REUSO'
  | 'CADASTRO_REPETIDO'
  | 'DADOS_EXPORTADOS';

/** Something that the owner of an account has to hear of, by mail. */
export interface Aviso {
  readonly usuarioId: string;
  readonly tipo: TipoAviso;
  /** Where the call came from that did it; empty texts when that is not known. */
  readonly origem: { readonly endereco: string; readonly dispositivo: string; readonly requisicao?: string };
  readonly em: Date;
  /** A verified address that it goes to; left out: the present one of the account. */
  readonly email?: string;
}
