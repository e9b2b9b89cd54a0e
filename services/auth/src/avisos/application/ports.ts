import type { Aviso } from '../domain/aviso.ts';

/** Tells the owners of accounts what concerns their security. */
export interface Avisos {
  /** The notice goes out exactly if what it tells of is stored. */
  avisar(aviso: Aviso): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly avisos: Avisos;
}
