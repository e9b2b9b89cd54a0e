import type { Posicao } from '@plataforma/domain/page-token';
import type { Contato } from '../../canais/domain/mensagem.ts';
import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { PreferenciasRepository } from '../../preferencias/application/ports.ts';

/** State of a person's account at one version of it. */
export interface VersaoDeContato extends Contato {
  readonly usuarioId: string;
  readonly versao: number;
  /** Whether the address is proved to be theirs; known once, it stays so while the address does. */
  readonly verificado: boolean;
}

/** Copy of what auth says about people: the only place of this service with names and whole addresses. */
export interface ContatosRepository {
  /**
   * Without effect when a newer version is known or the person is gone. Until its end no other transaction
   * writes a message to them. Answers whether the address, as it is known now, is verified; also true when the person is gone.
   */
  save(contato: VersaoDeContato, em: Date): Promise<boolean>;
  /**
   * Erases name and address for good; only that the person existed stays known. Answers what they were, for the last time;
   * undefined when nothing was known.
   */
  apagar(usuarioId: string, em: Date): Promise<ContatoApagado | undefined>;
}

/** An account to whose address nothing is sent. */
export interface ContatoNaoEntregavel {
  readonly clienteId: string;
  /** Masked. */
  readonly destino: string;
  readonly desde: Date;
  /** In codes. */
  readonly motivo: string;
}

/** What a provider has told of an address. */
export interface FatoDoEndereco {
  readonly clienteId: string;
  /** SHA-256 of the address in small letters. */
  readonly digesto: Buffer;
  /** Why, in codes. */
  readonly motivo: string;
  readonly em: Date;
}

/**
 * Addresses from which messages come back. The mark is of the address: it is gone with it, and once the address is proved anew. What is
 * told of another address than the account has now is without effect.
 */
export interface Enderecos {
  ehDe(clienteId: string, digesto: Buffer): Promise<boolean>;
  /** Marks it; false when it was marked before. */
  devolveu(fato: FatoDoEndereco, marcadoEm: Date): Promise<boolean>;
  /** It takes messages again, if it was marked before that. */
  recebeu(fato: FatoDoEndereco): Promise<void>;
  /** Those that are marked, the latest first: at most so many, those after `depoisDe` when given. */
  listar(maximo: number, depoisDe: Posicao | undefined): Promise<ContatoNaoEntregavel[]>;
  /** Takes the mark away; false when there is none. */
  liberar(clienteId: string): Promise<boolean>;
}

/** Who the administrators are, as auth tells it. */
export interface Administradores {
  /** Without effect when a newer version of the account is known. */
  notar(usuarioId: string, versao: number, ativo: boolean): Promise<void>;
  /** At most so many. */
  atuais(maximo: number): Promise<string[]>;
}

/** What was known of a person. */
export interface ContatoApagado {
  readonly email: string;
  readonly verificado: boolean;
  /** Of the account that it is the state of. */
  readonly versao: number;
}

/** What one transaction sees. */
export interface Transacao {
  readonly contatos: ContatosRepository;
  readonly preferencias: PreferenciasRepository;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}
