import type { Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ChavesApiRepository, ConsultaDeChavesApi } from '../application/ports.ts';
import { ChaveApi, type EstadoChaveApi } from '../domain/chave-api.ts';

const FIND = `
  select id, usuario_id as "usuarioId", nome, escopos, papeis, so_senha as "soSenha", impressao,
    impressao_anterior as "impressaoAnterior", anterior_ate as "anteriorAte", validade_dias as "validadeDias",
    criado_em as "criadoEm", expira_em as "expiraEm", rotacionado_em as "rotacionadoEm", revogado_em as "revogadoEm",
    usado_em as "usadoEm", usado_de as "usadoDe"
  from chaves_api`;

const BY_ID = `${FIND} where id = $1`;

const OF_PERSON = `${BY_ID} and usuario_id = $2 for update`;

const LISTAR = `
  ${FIND} where usuario_id = $1 and ($2::timestamptz is null or (criado_em, id) < ($2, $3))
  order by criado_em desc, id desc limit $4`;

const VALE = 'revogado_em is null and expira_em > $2';

const COUNT = `select count(*)::int as quantas from chaves_api where usuario_id = $1 and ${VALE}`;

const INSERT = `
  insert into chaves_api (id, usuario_id, nome, escopos, papeis, so_senha, impressao, validade_dias, criado_em, expira_em)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const UPDATE = `
  update chaves_api set so_senha = $2, impressao = $3, impressao_anterior = $4, anterior_ate = $5, expira_em = $6,
    rotacionado_em = $7
  where id = $1`;

/** Its secrets are of no use any more. */
const REVOKE = `
  update chaves_api set revogado_em = $2, impressao_anterior = null, anterior_ate = null
  where id = $1 and ${VALE} returning usuario_id as "usuarioId"`;

const REVOKE_ALL = `
  update chaves_api set revogado_em = $2, impressao_anterior = null, anterior_ate = null
  where usuario_id = $1 and ${VALE} and (so_senha or $3) returning id`;

/** A busy program is written down about once a minute, and whenever it calls from elsewhere. */
const NOTE_USE = `
  update chaves_api set usado_em = $3, usado_de = $2
  where id = $1 and (usado_em is null or usado_de <> $2 or usado_em < $3::timestamptz - interval '1 minute')`;

type Row = { readonly [K in keyof Omit<EstadoChaveApi, 'anterior'>]-?: EstadoChaveApi[K] | null } & {
  readonly impressaoAnterior: Buffer | null;
  readonly anteriorAte: Date | null;
};

/** API keys in PostgreSQL. */
export class PostgresChavesApi implements ChavesApiRepository, ConsultaDeChavesApi {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findById(id: string): Promise<ChaveApi | undefined> {
    const [row]: Row[] = await this.#sql.query(BY_ID, [id]);
    return row && restored(row);
  }

  async doUsuario(id: string, usuarioId: string): Promise<ChaveApi | undefined> {
    const [row]: Row[] = await this.#sql.query(OF_PERSON, [id, usuarioId]);
    return row && restored(row);
  }

  async listar(usuarioId: string, depoisDe: Posicao | undefined, maximo: number): Promise<ChaveApi[]> {
    const posicao = [depoisDe?.ordem ?? null, depoisDe?.id ?? null];
    const rows: Row[] = await this.#sql.query(LISTAR, [usuarioId, ...posicao, maximo]);
    return rows.map(restored);
  }

  async quantasValem(usuarioId: string, em: Date): Promise<number> {
    const [row]: Array<{ quantas: number }> = await this.#sql.query(COUNT, [usuarioId, em]);
    return row?.quantas ?? 0;
  }

  async add({ estado }: ChaveApi): Promise<void> {
    const { id, usuarioId, nome, escopos, papeis, soSenha, impressao } = estado;
    const { validadeDias, criadoEm, expiraEm } = estado;
    const what = [id, usuarioId, nome, escopos, papeis, soSenha, impressao];
    await this.#sql.query(INSERT, [...what, validadeDias, criadoEm, expiraEm]);
  }

  async save({ estado }: ChaveApi): Promise<void> {
    const { id, soSenha, impressao, anterior, expiraEm, rotacionadoEm } = estado;
    const before = [anterior?.impressao ?? null, anterior?.ate ?? null];
    await this.#sql.query(UPDATE, [id, soSenha, impressao, ...before, expiraEm, rotacionadoEm ?? null]);
  }

  async revogar(id: string, em: Date): Promise<string | undefined> {
    const [[row]]: [Array<{ usuarioId: string }>, number] = await this.#sql.query(REVOKE, [id, em]);
    return row?.usuarioId;
  }

  async revogarDe(usuarioId: string, quais: 'SO_SENHA' | 'TODAS', em: Date): Promise<readonly string[]> {
    const [rows]: [Array<{ id: string }>, number] = await this.#sql.query(REVOKE_ALL, [
      ...[usuarioId, em, quais === 'TODAS'],
    ]);
    return rows.map(({ id }) => id);
  }

  async notarUso(id: string, endereco: string, em: Date): Promise<void> {
    await this.#sql.query(NOTE_USE, [id, endereco, em]);
  }
}

function restored({ impressaoAnterior, anteriorAte, ...row }: Row): ChaveApi {
  const anterior =
    impressaoAnterior && anteriorAte ? { impressao: impressaoAnterior, ate: anteriorAte } : undefined;
  const { rotacionadoEm, revogadoEm, usadoEm, ...estado } = row as EstadoChaveApi;
  return ChaveApi.restaurar({
    ...{ ...estado, anterior },
    ...{ rotacionadoEm: rotacionadoEm ?? undefined, revogadoEm: revogadoEm ?? undefined },
    usadoEm: usadoEm ?? undefined,
  });
}
