import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { EnderecoDeixado } from '../domain/endereco-deixado.ts';
import type { TrocaDeEmail } from '../domain/troca-de-email.ts';

/** Other addresses that accounts wait for, one each. */
export interface TrocasRepository {
  /** No other transaction makes or uses one for the account before the end of this. */
  daConta(usuarioId: string): Promise<TrocaDeEmail | undefined>;
  /** Takes the place of the one before; the code goes to the new address. */
  save(troca: TrocaDeEmail, codigo: string, em: Date): Promise<void>;
  /** The code is used up. */
  usar(usuarioId: string, em: Date): Promise<void>;
}

/** Addresses that accounts have left and may come back to, one each; to be called with the account locked. */
export interface DeixadosRepository {
  /** The one that the account may come back to at that time. */
  daConta(usuarioId: string, em: Date): Promise<EnderecoDeixado | undefined>;
  /** Where there is none. */
  deixar(deixado: EnderecoDeixado): Promise<void>;
  esquecer(usuarioId: string): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao extends DasContas, DosFatores, DosAvisos, DaAuditoria {
  readonly trocas: TrocasRepository;
  readonly deixados: DeixadosRepository;
}

/** Makes codes that nobody guesses. */
export interface CodigosDeTroca {
  novo(): string;
  /** What is kept of a code. */
  digest(codigo: string): Buffer;
}
