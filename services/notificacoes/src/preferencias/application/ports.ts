import type { Autor, Mudanca } from '../domain/mudanca.ts';
import type { Preferencias } from '../domain/preferencias.ts';
import type { NumeroProvado } from '../domain/sms-recusado.ts';

/** Preferences and since when they hold; undefined while they are those of the start. */
export interface PreferenciasGuardadas extends Preferencias {
  readonly atualizadoEm: Date | undefined;
}

/** What people want to be told. */
export interface PreferenciasRepository {
  /** Undefined when the person has never said anything. */
  findById(clienteId: string): Promise<PreferenciasGuardadas | undefined>;
  /** The same, and nobody else changes them until the end of the transaction. */
  abrir(clienteId: string): Promise<PreferenciasGuardadas | undefined>;
  /** Without effect when the person is gone. */
  save(clienteId: string, preferencias: Preferencias, em: Date): Promise<void>;
  /** Notes what has changed. Without effect when the person is gone. */
  anotar(clienteId: string, mudancas: readonly Mudanca[], fato: { por: Autor; em: Date }): Promise<void>;
  /** Who has changed this one last; undefined when nobody ever has. */
  ultimoAutor(clienteId: string, campo: Mudanca['campo']): Promise<Autor | undefined>;
  /** Messages that wait for the end of this person's quiet hours are looked at again. */
  acordar(clienteId: string, agora: Date): Promise<void>;
  /** With what was noted. */
  apagar(clienteId: string): Promise<number>;
}

/** Which numbers are mobile telephones of countries that are written to. */
export interface Numeracao {
  aceita(numero: string): boolean;
}

/** What one transaction sees. */
export interface Transacao {
  readonly preferencias: PreferenciasRepository;
}

/** The same, where it is asked what was answered from a number. */
export interface TransacaoComNumeros extends Transacao {
  readonly telefones: {
    provado(clienteId: string): Promise<NumeroProvado | undefined>;
  };
}

/** The same, where it is asked whose an address is. */
export interface TransacaoComEnderecos extends Transacao {
  readonly enderecos: {
    /** Whether the address of this digest is that of the account now. */
    ehDe(clienteId: string, digesto: Buffer): Promise<boolean>;
  };
}
