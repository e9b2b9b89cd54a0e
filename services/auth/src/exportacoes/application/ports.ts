import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { Coleta, Exportacao, PaginaColetada } from '../domain/exportacao.ts';

/** A service that knows something about people. */
export interface Fonte {
  readonly nome: string;
  /**
   * One page of what it knows about a person.
   *
   * @throws ProviderAwayError when it cannot be reached or cannot answer now
   */
  pagina(usuarioId: string, pagina: string): Promise<PaginaColetada>;
}

/** An export that is being made. */
export type ExportacaoNova = Pick<
  Exportacao,
  'id' | 'usuarioId' | 'pedidoEm' | 'sessaoId' | 'origem' | 'fonte'
>;

/** Exports, as one transaction changes them. */
export interface ExportacoesRepository {
  /** One request of a person at a time: what is read after it stays true until the transaction ends. */
  travar(usuarioId: string): Promise<void>;
  emAndamento(usuarioId: string): Promise<string | undefined>;
  /** When the person has asked since then. */
  pedidasDesde(usuarioId: string, desde: Date): Promise<readonly Date[]>;
  add(exportacao: ExportacaoNova): Promise<void>;
  /** False when it is not being collected any more. */
  concluir(
    id: string,
    pronta: { readonly sha256: Buffer; readonly em: Date; readonly ate: Date },
  ): Promise<boolean>;
  /** All of a person, with their archives. */
  apagarDe(usuarioId: string): Promise<void>;
}

/** What one transaction sees. */
export interface Transacao extends DasContas, DosAvisos, DosFatores, DaAuditoria {
  readonly exportacoes: ExportacoesRepository;
}

/** Exports as they are. */
export interface ConsultaDeExportacoes {
  /** Undefined when it is not of this person. */
  doUsuario(id: string, usuarioId: string): Promise<Exportacao | undefined>;
  /** Newest first. */
  todasDe(usuarioId: string): Promise<readonly Exportacao[]>;
  /** Whose account can be entered, at this generation of its sessions, and which has not expired. */
  paraBaixar(id: string, geracao: number, em: Date): Promise<Exportacao | undefined>;
}

/** Exports that are collected, and the parts of their documents. */
export interface ColetaDeExportacoes {
  /** Leases at most so many that are due; until when no other replica takes them. */
  tomar(em: Date, ate: Date, maximo: number): Promise<readonly string[]>;
  findById(id: string): Promise<Exportacao | undefined>;
  /**
   * Adds to the document and goes on from there; false, and nothing done, when another replica has gone on from the same
   * place, or nothing is collected any more.
   */
  avancar(
    antes: Exportacao,
    depois: Omit<Coleta, 'partes' | 'bytes'>,
    texto: string,
    lease: { readonly em: Date; readonly ate: Date },
  ): Promise<boolean>;
  /** Due again from then on. */
  deixar(id: string, tentarEm: Date): Promise<void>;
  /** How often it has failed in a row now. */
  adiar(id: string, tentarEm: (falhas: number) => Date, erro: string): Promise<number>;
  /** Given up; what there is of the document goes at once. */
  desistir(id: string, erro: string, expiraEm: Date): Promise<void>;
  /** Of the whole document. */
  sha256(exportacao: Pick<Exportacao, 'id' | 'partes'>): Promise<Buffer>;
  /** The document, part by part, each a gzip member by itself. */
  partes(exportacao: Pick<Exportacao, 'id' | 'partes'>): AsyncIterable<Buffer>;
}

/** What the address of an archive proves. */
export interface Endereco {
  readonly exportacaoId: string;
  /** Session that it was told to, and generation of the person's sessions then. */
  readonly sessaoId: string;
  readonly geracao: number;
}

/** Makes addresses that nobody guesses, and that are void after a while. */
export interface Enderecos {
  novo(endereco: Endereco, expiraEm: Date): string;
  /** Undefined for what was not made here, and what is void. */
  ler(texto: string, em: Date): (Endereco & { readonly expiraEm: Date }) | undefined;
}

/** Makes the archive that people get: the document, and the proof that it is from here. */
export interface Arquivos {
  abrir(exportacao: Exportacao, em: Date): AsyncIterable<Buffer>;
}
