/** An account as an event of auth tells of it. */
export interface Conta {
  readonly usuarioId: string;
  readonly versao: number;
  /** False when it is suspended. */
  readonly ativa: boolean;
  readonly admin: boolean;
  /** Has the role that an assignment to a space counts with. */
  readonly gestor: boolean;
  /** Of its sessions: those of earlier ones are over. */
  readonly geracao: number;
  readonly em: Date;
}

/** What this service knows of accounts. */
export interface ContasRepository {
  /** Nothing happens when something newer is known, or the account is gone. */
  guardar(conta: Conta): Promise<void>;
  /** The account is gone for good: what it was just booking is there afterwards, and it books nothing more. */
  encerrar(usuarioId: string, em: Date): Promise<void>;
}
