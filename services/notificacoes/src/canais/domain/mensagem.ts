/** The way a message reaches a person. */
export type Canal = 'EMAIL' | 'SMS' | 'PUSH';

/** A person as the platform writes to them. */
export interface Contato {
  readonly nome: string;
  readonly email: string;
}

/** What a message says, ready to be sent. */
export interface Conteudo {
  readonly html: string;
  readonly texto: string;
  readonly anexos: readonly Anexo[];
}

/** A file that goes with a message. */
export interface Anexo {
  readonly nome: string;
  /** Media type with its parameters. */
  readonly tipo: string;
  readonly conteudo: string;
}

/** What is handed to a provider. */
export interface Mensagem extends Conteudo {
  /** Identity of the notification: a second copy of the same one is recognisable as such. */
  readonly id: string;
  readonly para: Contato;
  readonly assunto: string;
  /** Where messages of this kind are ended with one click; left out for one that has to be told. */
  readonly descadastro?: string | undefined;
}

/** What is handed to a provider of SMS. */
export interface MensagemSms {
  /** Identity of the notification. */
  readonly id: string;
  /** E.164. */
  readonly para: string;
  readonly texto: string;
  /** Of no use to its reader from then on. Undefined: never. */
  readonly validoAte: Date | undefined;
}
