import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { autocommit, type Sql } from '../postgres/transaction.ts';
import type { ReplySeal } from './reply-seal.ts';

/** Who asks (`escopo`: the caller's kind and id), under which `Idempotency-Key`, for what. */
export interface IdempotentRequest {
  readonly escopo: string;
  readonly chave: string;
  /** Of no use to the code: it tells operators what a row is about. */
  readonly metodo: string;
  /** Fingerprint (hash) of the method and the canonical request: the same key goes with the same one only. */
  readonly impressao: Uint8Array;
}

/** Handle of an attempt. `posse` fences a slow attempt whose lease another one has taken over. */
export interface IdempotentAttempt {
  readonly escopo: string;
  readonly chave: string;
  readonly posse: string;
}

/** The stored answer of a call that succeeded, serialized. */
export interface StoredReply {
  readonly resposta: Uint8Array;
}

export type IdempotencyBegin =
  /** `feito`: what an earlier attempt of the same request had done when it was lost, see `noteEffect`. */
  | { readonly kind: 'new'; readonly posse: string; readonly feito?: string }
  | ({ readonly kind: 'replay' } & StoredReply)
  /** The key was used for another method or another body. */
  | { readonly kind: 'conflict' }
  /** The first attempt is still running (its lease has not run out). */
  | { readonly kind: 'in-progress' };

/** Port of the idempotency interceptor. All methods reject when the storage cannot be reached. */
export interface IdempotencyStore {
  /** An attempt keeps its key when it is renewed this often. */
  readonly renewEveryMs: number;
  begin(request: IdempotentRequest): Promise<IdempotencyBegin>;
  /** Keeps the key for an attempt that is still at work, beyond the deadline of its call too. */
  renew(attempt: IdempotentAttempt): Promise<void>;
  /** Stores the answer for replay. A no-op when the lease was lost in the meantime. */
  finish(attempt: IdempotentAttempt, reply: StoredReply): Promise<void>;
  /** Frees the key, so that the caller may try again at once: for every failure. */
  abandon(attempt: IdempotentAttempt): Promise<void>;
}

export interface PostgresIdempotencyOptions {
  /** How long an attempt owns its key before another may take over. Default 30 s. */
  readonly leaseMs?: number;
  /** How long an answer is replayed. Default 24 h. */
  readonly ttlMs?: number;
  /** Left out, answers are stored as they are. */
  readonly seal?: ReplySeal;
}

interface Row {
  readonly impressao: Buffer;
  readonly estado: 'EM_ANDAMENTO' | 'CONCLUIDA';
  readonly codigo: number | null;
  readonly resposta: Buffer | null;
}

// One statement decides: a fresh key is inserted; an expired row, a refusal that an earlier release has stored, or an
// in-progress row of the very same request whose lease ran out, is taken over. Anything else leaves the row alone and
// returns nothing. Until the answer is there, `resposta` holds what the lost attempt had done.
const CLAIM = `
  insert into idempotencia as i (escopo, chave, metodo, impressao, estado, posse, posse_ate, expira_em)
  values ($1, $2, $3, $4, 'EM_ANDAMENTO', $5, now() + $6 * interval '1 millisecond', now() + $7 * interval '1 millisecond')
  on conflict (escopo, chave) do update
    set metodo = excluded.metodo, impressao = excluded.impressao, estado = 'EM_ANDAMENTO', codigo = null,
        resposta = case when i.expira_em > now() and i.estado = 'EM_ANDAMENTO' then i.resposta end,
        posse = excluded.posse, posse_ate = excluded.posse_ate, criado_em = now(), expira_em = excluded.expira_em
    where i.expira_em <= now() or i.codigo > 0
       or (i.estado = 'EM_ANDAMENTO' and i.posse_ate <= now() and i.impressao = excluded.impressao)
  returning resposta`;

const READ = 'select impressao, estado, codigo, resposta from idempotencia where escopo = $1 and chave = $2';

const FINISH = `
  update idempotencia set estado = 'CONCLUIDA', codigo = 0, resposta = $4, expira_em = now() + $5 * interval '1 millisecond'
  where escopo = $1 and chave = $2 and posse = $3`;

const ABANDON = `
  delete from idempotencia
  where escopo = $1 and chave = $2 and posse = $3 and resposta is null`;

const RENEW = `
  update idempotencia set posse_ate = now() + $4 * interval '1 millisecond'
  where escopo = $1 and chave = $2 and posse = $3`;

const RELEASE = `
  update idempotencia set posse_ate = now()
  where escopo = $1 and chave = $2 and posse = $3`;

/**
 * Idempotency keys in PostgreSQL (table `idempotencia`). The answer is written outside the business transaction: when a
 * process dies between its commit and `finish`, the attempt that takes over the lease runs the handler again. What has
 * no unique key of its own as the last judge says in its transaction what it did: `noteEffect`.
 */
export class PostgresIdempotencyStore implements IdempotencyStore {
  readonly renewEveryMs: number;
  readonly #sql: Sql;
  readonly #leaseMs: number;
  readonly #ttlMs: number;
  readonly #seal: ReplySeal | undefined;

  constructor(dataSource: DataSource, options: PostgresIdempotencyOptions = {}) {
    this.#sql = autocommit(dataSource);
    this.#leaseMs = options.leaseMs ?? 30_000;
    this.renewEveryMs = this.#leaseMs / 3;
    this.#ttlMs = options.ttlMs ?? 24 * 3_600_000;
    this.#seal = options.seal;
  }

  async begin(request: IdempotentRequest): Promise<IdempotencyBegin> {
    const { escopo, chave, metodo, impressao } = request;
    // The row can vanish (abandon, purge) between the refused claim and the read: then the key is free again.
    for (;;) {
      const posse = randomUUID();
      const parameters = [escopo, chave, metodo, Buffer.from(impressao), posse, this.#leaseMs, this.#ttlMs];
      const [claimed]: { resposta: Buffer | null }[] = await this.#sql.query(CLAIM, parameters);
      if (claimed)
        return { kind: 'new', posse, ...(claimed.resposta && { feito: String(claimed.resposta) }) };
      const [row]: Row[] = await this.#sql.query(READ, [escopo, chave]);
      if (row) return this.#answer(row, request);
    }
  }

  async renew({ escopo, chave, posse }: IdempotentAttempt): Promise<void> {
    await this.#sql.query(RENEW, [escopo, chave, posse, this.#leaseMs]);
  }

  async finish(attempt: IdempotentAttempt, { resposta }: StoredReply): Promise<void> {
    const { escopo, chave, posse } = attempt;
    const stored = this.#seal?.seal(resposta, attempt) ?? Buffer.from(resposta);
    const parameters = [escopo, chave, posse, stored, this.#ttlMs];
    await this.#sql.query(FINISH, parameters);
  }

  async abandon({ escopo, chave, posse }: IdempotentAttempt): Promise<void> {
    const [, deleted] = await this.#sql.query<[unknown[], number]>(ABANDON, [escopo, chave, posse]);
    if (deleted === 0) await this.#sql.query(RELEASE, [escopo, chave, posse]);
  }

  #answer(row: Row, request: IdempotentRequest): IdempotencyBegin {
    if (!row.impressao.equals(request.impressao)) return { kind: 'conflict' };
    // A stored refusal of an earlier release came between the claim and the read: the next attempt claims it.
    if (row.estado === 'EM_ANDAMENTO' || row.codigo !== 0) return { kind: 'in-progress' };
    const stored = row.resposta ?? Buffer.alloc(0);
    return { kind: 'replay', resposta: this.#seal?.open(stored, request) ?? stored };
  }
}
