import type { Posicao } from '@plataforma/domain/page-token';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { Transacao as DasSessoes } from '../../sessoes/application/ports.ts';
import type { ChaveApi } from '../domain/chave-api.ts';

/** A secret that nobody guesses. */
export interface SegredoNovo {
  /** What it comes from, for as long as the call that makes it may be repeated: alone it tells nothing. */
  readonly semente: string;
  readonly segredo: string;
}

/** Secrets of keys. */
export interface Segredos {
  /** An identity for a key. */
  novaId(): string;
  novo(chaveId: string): SegredoNovo;
  deSemente(chaveId: string, semente: string): string;
  /** How the secrets of a key begin. */
  prefixo(chaveId: string): string;
  /** What is kept of a secret. */
  impressao(segredo: string): Buffer;
  /** Whether what was brought is one of these secrets; takes as long when there are none. */
  confere(segredo: string, impressoes: readonly Buffer[]): boolean;
}

/** Keys, as one transaction changes them. */
export interface ChavesApiRepository {
  /** Keys of the person that work then. */
  quantasValem(usuarioId: string, em: Date): Promise<number>;
  add(chave: ChaveApi): Promise<void>;
  /** Held until the transaction ends; undefined when it is not of this person. */
  doUsuario(id: string, usuarioId: string): Promise<ChaveApi | undefined>;
  save(chave: ChaveApi): Promise<void>;
  /** Whose key it is, if it works; after it, it does not. Undefined when it has ended before, or never was. */
  revogar(id: string, em: Date): Promise<string | undefined>;
  /** Those of the person go that work and were made by the password alone, or all; their identities. */
  revogarDe(usuarioId: string, quais: 'SO_SENHA' | 'TODAS', em: Date): Promise<readonly string[]>;
}

/** Keys as they are now. */
export interface ConsultaDeChavesApi {
  findById(id: string): Promise<ChaveApi | undefined>;
  /** Newest first. */
  listar(usuarioId: string, depoisDe: Posicao | undefined, maximo: number): Promise<readonly ChaveApi[]>;
  /** A token was asked for by the key. */
  notarUso(id: string, endereco: string, em: Date): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao extends DasContas, DosAvisos, DosFatores, DaAuditoria, DasSessoes {
  readonly chavesApi: ChavesApiRepository;
}

/** How often tokens may be asked for. */
export interface Trocas {
  /** Seconds to wait, nothing having been counted; 0 lets this one in. @param quem a network address, or a key */
  begin(quem: string): Promise<number>;
}
