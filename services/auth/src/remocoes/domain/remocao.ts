/** Who removed an account. */
export type AutorDaRemocao = 'TITULAR' | 'ADMINISTRADOR';

/** Services that know people, in the order in which they are told. */
export const SERVICOS = ['auth', 'reservas', 'pagamentos', 'notificacoes'] as const;

export type Servico = (typeof SERVICOS)[number];

/** What became of data of a person. */
export type Acao = 'APAGADO' | 'ANONIMIZADO' | 'MANTIDO';

/** One kind of data of a person, and what became of it. */
export interface Item {
  readonly dados: string;
  readonly acao: Acao;
  readonly quantidade: number;
  /** In Portuguese, for the person; empty for what is gone. */
  readonly motivo: string;
}

/** What a service has erased. */
export interface Parte {
  readonly servico: Servico;
  readonly itens: readonly Item[];
  /** Undefined while the service has more to do. */
  readonly concluidaEm: Date | undefined;
}

/** An account is gone, and the services are to erase what they know of its owner. */
export interface Remocao {
  readonly usuarioId: string;
  /** Shows the report to whoever has it. */
  readonly protocolo: string;
  readonly por: AutorDaRemocao;
  readonly pedidoEm: Date;
  readonly concluidaEm: Date | undefined;
}

/** A removal with what has been answered so far. */
export interface Relatorio extends Remocao {
  readonly partes: readonly Parte[];
}

/** Six months (Marco Civil da Internet, art. 15) is what accesses have to be kept, and all that they may be. */
export const REGISTROS_DE_ACESSO =
  'Registros de acesso são guardados por seis meses depois da remoção (Marco Civil da Internet, art. 15). Então o endereço de ' +
  'rede e o dispositivo são apagados; o registro, que só tem o identificador da conta, sai ao completar um ano.';

export const IDENTIFICADOR =
  'O identificador da conta fica, sem nome nem endereço, para que nunca seja dado a outra pessoa.';
