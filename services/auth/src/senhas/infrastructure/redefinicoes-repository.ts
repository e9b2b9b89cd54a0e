import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RedefinicaoSenhaPedidaSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import { currentTrail, trailHeaders, trailOf } from '@plataforma/runtime/trail';
import type { Sql } from '@plataforma/runtime/transaction';
import type { ConsultaDeRedefinicoes, Pedido, RedefinicoesRepository, Volta } from '../application/ports.ts';
import type { Redefinicao } from '../domain/redefinicao.ts';
import { codigosDeRedefinicao } from './codigos.ts';

/** Aggregate of the codes for an address that was left, in the outbox. */
const DE_VOLTA = 'volta-de-endereco';

const FIND = `
  select usuario_id as "usuarioId", codigo_hash as "codigoHash", email, numero, vence_em as "venceEm",
    usada_em as "usadoEm", livre_em as "livreEm", null::timestamptz as "voltaAte"
  from redefinicoes_senha`;

/** Of addresses that accounts have left: a code that is used has moved to the others. */
const FIND_OF_LEFT = `
  select usuario_id as "usuarioId", codigo_hash as "codigoHash", email, codigo_numero as numero, codigo_vence_em as "venceEm",
    null::timestamptz as "usadoEm", codigos_livres_em as "livreEm", vence_em as "voltaAte"
  from enderecos_deixados`;

const BY_CODE = `${FIND} where codigo_hash = $1 union all ${FIND_OF_LEFT} where codigo_hash = $1`;

const TO_COME_BACK = `${FIND_OF_LEFT} where usuario_id = $1 and email = $2 and vence_em > $3 for update`;

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
  insert into pedidos_senha (email, pedido_em, renovado_em, rastro) select $1, $2, $2, $3 where not exists (select from visto)
  on conflict (email) do nothing`;

/** The outer select makes the driver answer rows, not a count. */
const TAKE = `
  with tomado as (
    delete from pedidos_senha where email = (
      select email from pedidos_senha order by pedido_em limit 1 for update skip locked)
    returning email, coalesce(renovado_em, pedido_em) as em, rastro)
  select email, em, rastro from tomado`;

const PUT_OFF = `
  update pedidos_senha set renovado_em = coalesce(renovado_em, pedido_em), pedido_em = $2 where email = $1`;

const SAVE = `
  insert into redefinicoes_senha (usuario_id, codigo_hash, email, numero, vence_em, usada_em, livre_em)
  values ($1, $2, $3, $4, $5, null, $6)
  on conflict (usuario_id) do update set codigo_hash = $2, email = $3, numero = $4, vence_em = $5, usada_em = null,
    livre_em = $6
  returning numero`;

const USE = `
  update redefinicoes_senha set usada_em = $3
  where usuario_id = $1 and codigo_hash = $2 and usada_em is null
  returning usuario_id`;

/** The account may have left an address before, whose codes were announced, too: the number goes on behind theirs. */
const SAVE_OF_LEFT = `
  with guardado as (
    update enderecos_deixados
    set codigo_hash = $2, codigo_vence_em = $5, codigos_livres_em = $6,
      codigo_numero = greatest($4::int, 1 + (
        select max(agregado_versao) from outbox where agregado_tipo = '${DE_VOLTA}' and agregado_id = $1))
    where usuario_id = $1 and email = $3
    returning codigo_numero)
  select codigo_numero as numero from guardado`;

/** The number goes on as it was: it counts the codes that went to addresses which the account has had. */
const USE_OF_LEFT = `
  with deixado as (delete from enderecos_deixados where usuario_id = $1 and codigo_hash = $2 returning *)
  insert into redefinicoes_senha as r (usuario_id, codigo_hash, email, numero, vence_em, usada_em, livre_em)
  select usuario_id, codigo_hash, email, 1, codigo_vence_em, $3, codigos_livres_em from deixado
  on conflict (usuario_id) do update set codigo_hash = excluded.codigo_hash, email = excluded.email,
    vence_em = excluded.vence_em, usada_em = excluded.usada_em, livre_em = excluded.livre_em
  returning usuario_id`;

type Row = Omit<Redefinicao, 'usadoEm' | 'voltaAte'> & {
  readonly usadoEm: Date | null;
  readonly voltaAte: Date | null;
};

/** Nothing of the code is there before the first one is mailed. */
type RowOfLeft = { readonly voltaAte: Date } & (Row | { readonly codigoHash: null });

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

  async paraVoltar(usuarioId: string, email: string, em: Date): Promise<Volta | undefined> {
    const [row]: RowOfLeft[] = await this.#sql.query(TO_COME_BACK, [usuarioId, email, em]);
    return row && { ate: row.voltaAte, anterior: row.codigoHash === null ? undefined : redefinicao(row) };
  }

  async pedir(email: string, em: Date): Promise<void> {
    const trail = currentTrail();
    await this.#sql.query(ASK, [email, em, trail ? JSON.stringify(trailHeaders(trail)) : null]);
  }

  async tomarPedido(): Promise<Pedido | undefined> {
    const [pedido]: Pedido[] = await this.#sql.query(TAKE);
    return pedido;
  }

  async adiarPedido(email: string, em: Date): Promise<void> {
    await this.#sql.query(PUT_OFF, [email, em]);
  }

  async save(
    redefinicao: Redefinicao,
    codigo: string,
    em: Date,
    { rastro }: Pick<Pedido, 'rastro'>,
  ): Promise<void> {
    const { usuarioId, codigoHash, email, numero, venceEm, livreEm } = redefinicao;
    const devolveEndereco = redefinicao.voltaAte !== undefined;
    const sql = devolveEndereco ? SAVE_OF_LEFT : SAVE;
    const parameters = [usuarioId, codigoHash, email, numero, venceEm, livreEm];
    const [guardada]: [{ readonly numero: number }] = await this.#sql.query(sql, parameters);
    const pedida = { usuarioId, email, codigo, devolveEndereco, ocorridoEm: timestampFromDate(em) };
    const tipo = devolveEndereco ? DE_VOLTA : 'redefinicao-senha';
    const agregado = { tipo, id: usuarioId, versao: guardada.numero };
    const event = integrationEvent(RedefinicaoSenhaPedidaSchema, pedida, agregado, trailOf(rastro));
    await appendToOutbox(this.#sql, [event]);
  }

  async usar({ usuarioId, codigoHash, voltaAte }: Redefinicao, em: Date): Promise<boolean> {
    if (voltaAte !== undefined) {
      const voltas: unknown[] = await this.#sql.query(USE_OF_LEFT, [usuarioId, codigoHash, em]);
      return voltas.length === 1;
    }
    const [usadas]: [unknown[], number] = await this.#sql.query(USE, [usuarioId, codigoHash, em]);
    return usadas.length === 1;
  }

  async #find(sql: string, parameter: unknown): Promise<Redefinicao | undefined> {
    const [row]: Row[] = await this.#sql.query(sql, [parameter]);
    return row && redefinicao(row);
  }
}

function redefinicao({ usadoEm, voltaAte, ...row }: Row): Redefinicao {
  return { ...row, usadoEm: usadoEm ?? undefined, voltaAte: voltaAte ?? undefined };
}
