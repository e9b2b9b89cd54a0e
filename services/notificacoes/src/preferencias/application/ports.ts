import type { Preferencias } from '../domain/preferencias.ts';

/** Preferences and since when they hold; undefined while they are those of the start. */
export interface PreferenciasGuardadas extends Preferencias {
  readonly atualizadasEm: Date | undefined;
}

/** What people want to be told. */
export interface PreferenciasRepository {
  /** Undefined when the person has never said anything. */
  findById(clienteId: string): Promise<PreferenciasGuardadas | undefined>;
  /** Without effect when the person is gone. */
  save(clienteId: string, preferencias: Preferencias, em: Date): Promise<void>;
  apagar(clienteId: string): Promise<number>;
}

/** What one transaction sees. */
export interface Transacao {
  readonly preferencias: PreferenciasRepository;
}
