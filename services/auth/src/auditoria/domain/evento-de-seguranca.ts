import type { TipoAviso } from '../../avisos/domain/aviso.ts';
import type { Origem } from '../../contrato/domain/origem.ts';

/** What a security event is about: whatever the owner of an account is told by mail, and more. */
export type TipoEvento =
  | Exclude<TipoAviso, 'MFA_RETIRADO' | 'CODIGOS_RECUPERACAO_NOVOS' | 'DISPOSITIVO_NOVO'>
  | 'LOGIN'
  | 'SENHA_CONFERIDA'
  | 'FATOR_RETIRADO'
  | 'CODIGOS_RENOVADOS'
  | 'SESSAO_ENCERRADA'
  | 'PAPEIS_ALTERADOS'
  | 'CONTA_SUSPENSA'
  | 'CONTA_REATIVADA'
  | 'CONTA_REMOVIDA'
  | 'DADOS_CONSULTADOS'
  | 'TOKEN_DE_SERVICO'
  | 'CHAVE_DE_ASSINATURA'
  | 'CHAVE_REVOGADA'
  | 'TOKEN_DE_CHAVE';

export type Resultado = 'FEITO' | 'RECUSADO';

/** Something that happened to the security of accounts, keys or services. Never holds a secret, nor an e-mail address. */
export interface EventoDeSeguranca {
  readonly tipo: TipoEvento;
  readonly resultado: Resultado;
  /** Who did it: a person, or a service by its name; left out when that is not known. */
  readonly autorId?: string | undefined;
  /** Whose account it is about. */
  readonly usuarioId?: string | undefined;
  /** What the kind says of it, such as the methods of a login; at most 200 characters. */
  readonly detalhe?: string;
  readonly origem: Origem;
  readonly em: Date;
}

/** Kinds that a caller can make happen as often as they like. */
const A_VONTADE: ReadonlySet<TipoEvento> = new Set([
  'DADOS_CONSULTADOS',
  'TOKEN_DE_SERVICO',
  'CADASTRO_REPETIDO',
  'DADOS_EXPORTADOS',
  'TOKEN_DE_CHAVE',
]);

/** Whether those that are alike within a minute are one event, so that repeating them does not fill the disk. */
export function umPorMinuto({ tipo, resultado }: Pick<EventoDeSeguranca, 'tipo' | 'resultado'>): boolean {
  return resultado === 'RECUSADO' || A_VONTADE.has(tipo);
}

/** What changed for the security of an account that an administrator has changed. */
export function mudancasDeConta(antes: Conta, depois: Conta): Array<{ tipo: TipoEvento; detalhe: string }> {
  const papeis = [antes, depois].map((conta) => conta.papeis.join('+'));
  return [
    ...(papeis[0] === papeis[1] ? [] : [{ tipo: 'PAPEIS_ALTERADOS' as const, detalhe: papeis.join(' > ') }]),
    ...(antes.ativo && !depois.ativo ? [{ tipo: 'CONTA_SUSPENSA' as const, detalhe: '' }] : []),
    ...(!antes.ativo && depois.ativo ? [{ tipo: 'CONTA_REATIVADA' as const, detalhe: '' }] : []),
  ];
}

interface Conta {
  readonly papeis: readonly string[];
  readonly ativo: boolean;
}
