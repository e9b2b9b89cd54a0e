import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { TransacaoDoFim } from '../../integracoes/application/revogar-chaves.ts';
import type { Redefinicao } from '../domain/redefinicao.ts';

/** Codes that set a new password. */
export interface ConsultaDeRedefinicoes {
  /** The one that this code belongs to, whatever it is worth. */
  findByCode(codigo: string): Promise<Redefinicao | undefined>;
}

/** An address that an account has left and may come back to. */
export interface Volta {
  readonly ate: Date;
  /** The last code that went there. */
  readonly anterior: Redefinicao | undefined;
}

/** Somebody has asked for a new password of whichever account has this address, at that time the last. */
export interface Pedido {
  readonly email: string;
  readonly em: Date;
  /** By which call it came first; null where that is not known. */
  readonly rastro: Readonly<Record<string, string>> | null;
}

export interface RedefinicoesRepository {
  /**
   * Notes that somebody asked for a new password of whichever account has this address. Of an address one waits, from the
   * last time that it was asked for; never waits for the transaction that has taken it.
   */
  pedir(email: string, em: Date): Promise<void>;
  /** Takes the oldest request that is there and that no other transaction has taken; `em`: when it was made the last time. */
  tomarPedido(): Promise<Pedido | undefined>;
  /** The request waits behind all others from now on, for no longer than it would have. */
  adiarPedido(email: string, em: Date): Promise<void>;
  /** For its present address. No other transaction makes one for the account before the end of this. */
  daConta(usuarioId: string): Promise<Redefinicao | undefined>;
  /** The same for an address that the account has left; undefined when it may not come back to it then. */
  paraVoltar(usuarioId: string, email: string, em: Date): Promise<Volta | undefined>;
  /** Takes the place of the one before for the address, and goes there, because of this request. */
  save(redefinicao: Redefinicao, codigo: string, em: Date, pedido: Pick<Pedido, 'rastro'>): Promise<void>;
  /**
   * False when it was used before, or another one has taken its place. By one for an address that the account has left it is
   * that of the account, which may come back to none any more.
   */
  usar(redefinicao: Redefinicao, em: Date): Promise<boolean>;
}

/** Links of accounts to who they are elsewhere, as far as a new password touches them. */
export interface VinculosDaConta {
  /** Those go that were added by the password alone, or from then on by anything; whether there were any. */
  removerSoSenha(usuarioId: string, tudoDesde?: Date): Promise<boolean>;
}

/** What one transaction sees. */
export interface Transacao extends DasContas, DosAvisos, DosFatores, TransacaoDoFim {
  readonly redefinicoes: RedefinicoesRepository;
  readonly vinculos: VinculosDaConta;
}

/** Makes codes that nobody guesses. */
export interface CodigosDeRedefinicao {
  novo(): string;
  /** What is kept of a code. */
  digest(codigo: string): Buffer;
}
