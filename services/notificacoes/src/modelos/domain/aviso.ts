/** What a security notice can be about. */
export const TIPOS_DE_AVISO = [
  'SENHA_ALTERADA',
  'SENHA_REDEFINIDA',
  'MFA_ATIVADO',
  'MFA_DESATIVADO',
  'MFA_RETIRADO',
  'CODIGO_RECUPERACAO_USADO',
  'CODIGOS_RECUPERACAO_NOVOS',
  'EMAIL_ALTERADO',
  'GOOGLE_VINCULADO',
  'GOOGLE_DESVINCULADO',
  'SESSOES_ENCERRADAS_POR_REUSO',
  'CADASTRO_REPETIDO',
  'DADOS_EXPORTADOS',
  'EMAIL_ALTERACAO_PEDIDA',
  'EMAIL_DEVOLVIDO',
  'PASSKEY_ADICIONADA',
  'PASSKEY_REMOVIDA',
  'CONTA_REMOVIDA',
  'DISPOSITIVO_NOVO',
  'DISPOSITIVO_REGISTRADO',
  'CHAVE_CRIADA',
  'CHAVE_ROTACIONADA',
] as const;

export type TipoDeAviso = (typeof TIPOS_DE_AVISO)[number];

/** What the message about the security of an account says. Where it was done from is erased once it is sent. */
export interface DadosAvisoDeSeguranca {
  readonly tipo: TipoDeAviso;
  /** When it was done: instant in ISO 8601, UTC. */
  readonly em: string;
  /** Network address it was done from; empty when that is not known. */
  readonly enderecoIp: string;
  /** `User-Agent` it was done with; empty when that is not known. */
  readonly dispositivo: string;
  /** Where it goes instead of the present address of the account. Erased once it is sent. */
  readonly email?: string;
  /** Until when a new password that is asked for with that address gives it back to the account: instant in ISO 8601, UTC. */
  readonly voltaAte?: string;
  /** Of a removal: shows what was erased. Erased once it is sent. */
  readonly protocolo?: string;
}

/** The last message to a person, whose contact is erased already. */
export function ehDespedida({ modelo, dados }: { modelo: string; dados: object }): boolean {
  return modelo === 'AVISO_DE_SEGURANCA' && 'tipo' in dados && dados.tipo === 'CONTA_REMOVIDA';
}

/** Brings a code, or an address of its own: only a letter takes it there. */
export function ehSoDeEmail({ dados }: { readonly dados: object }): boolean {
  return 'codigo' in dados || enderecoProprio(dados) !== undefined;
}

/** What the message with the code for a new password says. All of it is erased once it is sent. */
export interface DadosRedefinicaoSenha {
  readonly codigo: string;
  /** Where it goes, and nowhere else. */
  readonly email: string;
  /** Whether the account, which has another address, gets this one back by it. */
  readonly devolveEndereco?: boolean;
}

/** What the message with the code for another address says, to that address. All of it is erased once it is sent. */
export type DadosTrocaDeEmail = Omit<DadosRedefinicaoSenha, 'devolveEndereco'>;

/** The address that a message brings with itself; undefined: that of the account. */
export function enderecoProprio(dados: object): string | undefined {
  return 'email' in dados && typeof dados.email === 'string' ? dados.email : undefined;
}
