import type { DataSource } from 'typeorm';
import type { CallKey } from '../postgres/call-key.ts';
import { autocommit, type Sql } from '../postgres/transaction.ts';

/** What a key has been used for; undefined when it is free. */
export type UsedKey =
  | { readonly kind: 'done'; readonly efeito: string }
  /** For another method or another body. */
  | { readonly kind: 'other-request' }
  /** The call is under way in a replica of the release before this one. */
  | { readonly kind: 'running' }
  /** The release before this one knows what came of it, this one does not. */
  | { readonly kind: 'unknown' };

/** Port of the interceptor. Rejects when the storage cannot be reached. */
export interface IdempotencyKeys {
  find(key: CallKey): Promise<UsedKey | undefined>;
}

interface Row {
  readonly impressao: Buffer;
  readonly efeito: string | null;
  readonly sem_fim: boolean;
}

const FIND = `
  select impressao, efeito, estado = 'EM_ANDAMENTO' and posse_ate > now() as sem_fim
  from idempotencia where escopo = $1 and chave = $2 and expira_em > now()`;

/** Idempotency keys in PostgreSQL (table `idempotencia`), as the transactions of their effects have claimed them. */
export class PostgresIdempotencyKeys implements IdempotencyKeys {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = autocommit(dataSource);
  }

  async find({ escopo, chave, impressao }: CallKey): Promise<UsedKey | undefined> {
    const [row]: Row[] = await this.#sql.query(FIND, [escopo, chave]);
    if (!row) return undefined;
    if (!row.impressao.equals(impressao)) return { kind: 'other-request' };
    if (row.efeito !== null) return { kind: 'done', efeito: row.efeito };
    return { kind: row.sem_fim ? 'running' : 'unknown' };
  }
}
