import type { Espaco } from './espaco.ts';
import type { Fechamento } from './fechamento.ts';

/** Spaces, within one transaction. */
export interface EspacosRepository {
  findById(id: string): Promise<Espaco | undefined>;
  /** Like `findById`, and locks the space against other changes until the transaction ends. */
  paraAlterar(id: string): Promise<Espaco | undefined>;
  add(espaco: Espaco): Promise<void>;
  save(espaco: Espaco): Promise<void>;
}

/** Closures, within one transaction. */
export interface FechamentosRepository {
  /** Those that may close the space between two instants. */
  entre(espacoId: string, de: Date, ate: Date): Promise<Fechamento[]>;
  add(fechamento: Fechamento, quem: string): Promise<void>;
  /** False when there is none. */
  remover(espacoId: string, id: string): Promise<boolean>;
}
