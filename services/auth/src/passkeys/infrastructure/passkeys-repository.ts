import type { Sql } from '@plataforma/runtime/transaction';
import type { OutrosFatores } from '../../fatores/application/ports.ts';
import type { PasskeysRepository } from '../application/ports.ts';
import { type EstadoPasskey, Passkey } from '../domain/passkey.ts';

const FIND = `
  select id, usuario_id as "usuarioId", credencial, titular, chave_publica as "chavePublica", nome,
    contador::float8 as contador, transportes, sincronizavel, sincronizada, criada_em as "criadoEm",
    usada_em as "usadoEm", prova_impressao as "provaImpressao", prova_expira_em as "provaExpiraEm"
  from passkeys`;

const OF_PERSON = `${FIND} where usuario_id = $1 order by criada_em desc, id`;

const BY_CREDENTIAL = `${FIND} where credencial = $1 for update`;

const INSERT = `
  insert into passkeys (id, usuario_id, credencial, titular, chave_publica, nome, contador, transportes, sincronizavel,
    sincronizada, criada_em, so_senha)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict on constraint passkeys_credencial_unica do nothing
  returning id`;

const UPDATE = `
  update passkeys set contador = $2, sincronizada = $3, usada_em = $4, prova_impressao = $5, prova_expira_em = $6
  where id = $1`;

const REMOVE = 'delete from passkeys where usuario_id = $1 and id::text = $2';

const REMOVE_ALL = 'delete from passkeys where usuario_id = $1';

const REMOVE_BY_PASSWORD = `${REMOVE_ALL} and so_senha and criada_em > $2`;

const ANY = 'select 1 from passkeys where usuario_id = $1 limit 1';

const USE_PROOF = `
  update passkeys set prova_impressao = null, prova_expira_em = null
  where usuario_id = $1 and prova_impressao = $2 and prova_expira_em > $3`;

type Row = Omit<EstadoPasskey, 'usadoEm' | 'prova'> & {
  readonly usadoEm: Date | null;
  readonly provaImpressao: Buffer | null;
  readonly provaExpiraEm: Date | null;
};

/** Passkeys in PostgreSQL. What is kept of them is no secret, but for nobody to change. */
export class PostgresPasskeysRepository implements PasskeysRepository, OutrosFatores {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async doUsuario(usuarioId: string): Promise<readonly Passkey[]> {
    const rows: Row[] = await this.#sql.query(OF_PERSON, [usuarioId]);
    return rows.map(restored);
  }

  async comCredencial(credencial: Buffer): Promise<Passkey | undefined> {
    const [row]: Row[] = await this.#sql.query(BY_CREDENTIAL, [credencial]);
    return row && restored(row);
  }

  async add({ estado }: Passkey, soSenha: boolean): Promise<boolean> {
    const { id, usuarioId, credencial, titular, chavePublica, nome, contador } = estado;
    const { transportes, sincronizavel, sincronizada, criadoEm } = estado;
    const what = [id, usuarioId, credencial, titular, chavePublica, nome, contador];
    const rows: unknown[] = await this.#sql.query(INSERT, [
      ...[...what, transportes, sincronizavel, sincronizada, criadoEm, soSenha],
    ]);
    return rows.length > 0;
  }

  async save({ estado }: Passkey): Promise<void> {
    const { id, contador, sincronizada, usadoEm, prova } = estado;
    const proof = [prova?.impressao ?? null, prova?.expiraEm ?? null];
    await this.#sql.query(UPDATE, [id, contador, sincronizada, usadoEm ?? null, ...proof]);
  }

  async remover(usuarioId: string, id: string): Promise<boolean> {
    const [, removed]: [unknown, number] = await this.#sql.query(REMOVE, [usuarioId, id]);
    return removed > 0;
  }

  async tem(usuarioId: string): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(ANY, [usuarioId]);
    return rows.length > 0;
  }

  async removerTodos(usuarioId: string): Promise<boolean> {
    const [, removed]: [unknown, number] = await this.#sql.query(REMOVE_ALL, [usuarioId]);
    return removed > 0;
  }

  async removerSoSenha(usuarioId: string, desde: Date): Promise<boolean> {
    const [, removed]: [unknown, number] = await this.#sql.query(REMOVE_BY_PASSWORD, [usuarioId, desde]);
    return removed > 0;
  }

  async usarProva(usuarioId: string, impressao: Buffer, em: Date): Promise<boolean> {
    const [, used]: [unknown, number] = await this.#sql.query(USE_PROOF, [usuarioId, impressao, em]);
    return used > 0;
  }
}

function restored({ usadoEm, provaImpressao, provaExpiraEm, ...estado }: Row): Passkey {
  const prova =
    provaImpressao && provaExpiraEm ? { impressao: provaImpressao, expiraEm: provaExpiraEm } : undefined;
  return Passkey.restaurar({ ...estado, usadoEm: usadoEm ?? undefined, prova });
}
