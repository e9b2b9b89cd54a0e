import type { FilaDeNotificacoes, HistoricoDeNotificacoes } from '../../mensagens/application/ports.ts';
import type { PreferenciasRepository } from '../../preferencias/application/ports.ts';
import type { Numeros } from '../../retornos/application/ports.ts';
import type { CodigoPedido } from '../domain/codigo.ts';

/** A number that its owner has proved. */
export interface TelefoneProvado {
  readonly numero: string;
  readonly provadoEm: Date;
  /** When its owner answered that they want nothing from us there; undefined when they did not. */
  readonly recusadoEm: Date | undefined;
}

/** A share of the codes of a day. */
export interface CotaDeCodigos {
  readonly nome: string;
  readonly limite: number;
}

/** The numbers of people, and the codes that prove them. */
export interface TelefonesRepository {
  /** The last code that a person has asked for. No other transaction opens it before the end of this, and no removal passes. */
  abrirCodigo(clienteId: string): Promise<CodigoPedido | undefined>;
  codigo(clienteId: string): Promise<CodigoPedido | undefined>;
  /** Whether the e-mail address of this person is proved. */
  temEmailVerificado(clienteId: string): Promise<boolean>;
  /** Counts one code in each of them; false, and the transaction is to be given up, when one of them is full. */
  contarCodigo(dia: string, cotas: readonly CotaDeCodigos[]): Promise<boolean>;
  guardarCodigo(clienteId: string, codigo: CodigoPedido): Promise<void>;
  /** One try more, of the code that is open. */
  errou(clienteId: string): Promise<void>;
  /** The number is theirs; the code is used up. */
  provar(clienteId: string, numero: string, em: Date): Promise<void>;
  provado(clienteId: string): Promise<TelefoneProvado | undefined>;
  /** Answers how many numbers there were. */
  apagar(clienteId: string): Promise<number>;
}

/** Makes codes, and what is kept of them. */
export interface CodigosDeTelefone {
  novo(): string;
  /** Of a code for this person and number: it opens nothing else. */
  resumo(codigo: string, clienteId: string, numero: string): Buffer;
}

/** What one transaction sees. */
export interface Transacao {
  readonly telefones: TelefonesRepository & Numeros;
  readonly preferencias: PreferenciasRepository;
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}
