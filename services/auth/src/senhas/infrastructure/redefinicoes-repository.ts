import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RedefinicaoSenhaPedidaSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ConsultaDeRedefinicoes, RedefinicoesRepository } from '../application/ports.ts';
import type { Redefinicao } from '../domain/redefinicao.ts';
import { codigosDeRedefinicao } from './codigos.ts';

const FIND = `
  select usuario_id as "usuarioId", codigo_hash as "codigoHash", email, numero, vence_em as "venceEm",
    usada_em as "usadaEm", livre_em as "livreEm"
  from redefinicoes_senha`;

const BY_CODE = `${FIND} where codigo_hash = $1`;

const OF_ACCOUNT = `${FIND} where usuario_id = $1 for update`;

/**
 * One that waits is renewed. One that its worker has in hand is being answered: the call does not wait for that, or its
 * time would tell whether there is an account.
 */
const ASK = `
  with visto as (select from pedidos_senha where email = $1),
    renovado as (
      update pedidos_senha set renovado_em = $2
      where email in (select email from pedidos_senha where email = $1 for update skip locked))
  insert into pedidos_senha (email, pedido_em, renovado_em) select $1, $2, $2 where not exists (select from visto)
  on conflict (email) do nothing`;

/** The outer select makes the driver answer rows, not a count. */
const TAKE = `
  with tomado as (
    delete from pedidos_senha where email = (
      select email from pedidos_senha order by pedido_em limit 1 for update skip locked)
    returning email, coalesce(renovado_em, pedido_em) as em)
  select email, em from tomado`;

const SAVE = `
  insert into redefinicoes_senha (usuario_id, codigo_hash, email, numero, vence_em, usada_em, livre_em)
  values ($1, $2, $3, $4, $5, null, $6)
  on conflict (usuario_id) do update set codigo_hash = $2, email = $3, numero = $4, vence_em = $5, usada_em = null,
    livre_em = $6`;

const USE = `
  update redefinicoes_senha set usada_em = $3
  where usuario_id = $1 and codigo_hash = $2 and usada_em is null
  returning usuario_id`;

type Row = Omit<Redefinicao, 'usadaEm'> & { readonly usadaEm: Date | null };

/** Codes for a new password, and who has asked for one, in PostgreSQL. */
export class PostgresRedefinicoesRepository implements ConsultaDeRedefinicoes, RedefinicoesRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  findByCode(codigo: string): Promise<Redefinicao | undefined> {
    return this.#find(BY_CODE, codigosDeRedefinicao.digest(codigo));
  }

  daConta(usuarioId: string): Promise<Redefinicao | undefined> {
    return this.#find(OF_ACCOUNT, usuarioId);
  }

  async pedir(email: string, em: Date): Promise<void> {
    await this.#sql.query(ASK, [email, em]);
  }

  async tomarPedido(): Promise<{ email: string; em: Date } | undefined> {
    const [pedido]: Array<{ email: string; em: Date }> = await this.#sql.query(TAKE);
    return pedido;
  }

  async save(redefinicao: Redefinicao, codigo: string, em: Date): Promise<void> {
    const { usuarioId, codigoHash, email, numero, venceEm, livreEm } = redefinicao;
    await this.#sql.query(SAVE, [usuarioId, codigoHash, email, numero, venceEm, livreEm]);
    const pedida = { usuarioId, email, codigo, ocorridoEm: timestampFromDate(em) };
    const agregado = { tipo: 'redefinicao-senha', id: usuarioId, versao: numero };
    await appendToOutbox(this.#sql, [integrationEvent(RedefinicaoSenhaPedidaSchema, pedida, agregado)]);
  }

  async usar({ usuarioId, codigoHash }: Redefinicao, em: Date): Promise<boolean> {
    const [usadas]: [unknown[], number] = await this.#sql.query(USE, [usuarioId, codigoHash, em]);
    return usadas.length === 1;
  }

  async #find(sql: string, parameter: unknown): Promise<Redefinicao | undefined> {
    const [row]: Row[] = await this.#sql.query(sql, [parameter]);
    return row && { ...row, usadaEm: row.usadaEm ?? undefined };
  }
}
