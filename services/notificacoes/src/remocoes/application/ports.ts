import type { Transacao as DosContatos } from '../../contatos/application/ports.ts';

/** What became of data of a person. */
export interface Item {
  readonly dados: string;
  readonly acao: 'APAGADO' | 'ANONIMIZADO' | 'MANTIDO';
  readonly quantidade: number;
  /** In Portuguese, for the person; empty for what is gone. */
  readonly motivo: string;
}

/** A person is gone, and may get one more message. */
export interface Remocao {
  readonly usuarioId: string;
  /** The last message; undefined when there is no address to send one to. */
  readonly mensagemId: string | undefined;
  readonly itens: readonly Item[];
  readonly em: Date;
}

/** People who are gone. */
export interface RemocoesRepository {
  /** False when that was known before. */
  add(remocao: Remocao): Promise<boolean>;
  /**
   * Ends those whose last message is on its way no more, some at a time: where messages went is forgotten, and auth is
   * told. Answers how many.
   */
  concluir(em: Date, limite: number): Promise<number>;
}

/** What one transaction sees. */
export interface Transacao extends DosContatos {
  readonly remocoes: RemocoesRepository;
  readonly dispositivos: { removerTodos(clienteId: string): Promise<number> };
  readonly retornos: { apagarDe(usuarioId: string): Promise<number> };
  readonly telefones: { apagar(usuarioId: string): Promise<number> };
  readonly webhooks: { apagarDoDono(usuarioId: string): Promise<number> };
}
