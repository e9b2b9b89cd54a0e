import { randomUUID } from 'node:crypto';
import { keptError } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type {
  EntregaDevida,
  Entregue,
  FalhasDeEntrega,
  FilaDeEntregas,
  Tentativa,
  WebhookDesativado,
  WebhookTomado,
} from '../application/ports.ts';
import type { Consequencia, Falha } from '../domain/politica-de-entrega.ts';

/**
 * A list among the parameters. As a sub-select, of which the planner does not know the length: where it does, it plans each time
 * anew for that length, which costs more than the statement.
 */
const lista = (parametro: number, tipo: string) => `(select $${parametro}::${tipo}[])::${tipo}[]`;

/**
 * The delivery `d` waits, is due at $1, and nothing earlier of its aggregate waits. `offset 0` has each address, and each of its
 * deliveries, looked at by itself along the index: as a join the planner would go through all that waits for anybody.
 */
const PRIMEIRA_DEVIDA = `
  d.situacao = 'PENDENTE' and d.tentar_em <= $1 and not exists (
    select from webhook_entregas a
    where a.webhook_id = d.webhook_id and a.chave = d.chave and a.situacao = 'PENDENTE'
      and (a.versao, a.sequencia) < (d.versao, d.sequencia) offset 0)`;

/** There is one for the address `w`. */
const TEM_DEVIDA = `exists (
    select from webhook_entregas d where d.webhook_id = w.id and ${PRIMEIRA_DEVIDA} offset 0)`;

/** Goes from address to address along the index: what waits for one, however much, costs the others nothing. */
const PENDENTES = `
  with recursive pendentes as (
    (select webhook_id from webhook_entregas where situacao = 'PENDENTE' order by webhook_id limit 1)
    union all
    select (
      select d.webhook_id from webhook_entregas d
      where d.situacao = 'PENDENTE' and d.webhook_id > p.webhook_id order by d.webhook_id limit 1)
    from pendentes p where p.webhook_id is not null
  )`;

const ESTES = `with pendentes as (select unnest(${lista(5, 'text')}) as webhook_id)`;

const tomar = (pendentes: string) => `
  ${pendentes}, livres as materialized (
    select w.id from pendentes p join webhooks w on w.id = p.webhook_id
    where w.desativado_por is null and coalesce(w.posse_ate, '-infinity') <= $1
      and coalesce(w.pausado_ate, '-infinity') <= $1
      and ${TEM_DEVIDA}
    order by w.atendido_em nulls first, w.id
    limit $2
    for update of w skip locked
  ), tomados as (
    update webhooks w set posse = $3, posse_ate = $4, atendido_em = $1
    from livres where w.id = livres.id
    returning w.id, w.url, w.assinatura, w.falhas, w.falhando_desde, w.chave, w.chave_anterior, w.chave_anterior_ate
  )
  select id, url, assinatura, falhas, falhando_desde as "falhandoDesde", chave, chave_anterior as "chaveAnterior",
    chave_anterior_ate as "chaveAnteriorAte"
  from tomados`;

const TOMAR = tomar(PENDENTES);
const TOMAR_ESTES = tomar(ESTES);

/** Leases `t`: an address is given to whoever has this one of it, and to none that had another. */
const POSSES = `unnest(${lista(2, 'text')}, ${lista(3, 'uuid')}) as t (id, posse)`;

const DEVIDAS = `
  select w.id as "webhookId", d.evento_id as "eventoId", d.tipo, d.corpo, d.tentativas, d.desde
  from ${POSSES} join webhooks w on w.id = t.id and w.posse = t.posse cross join lateral (
    select d.evento_id, e.tipo, e.corpo, d.tentativas, d.desde
    from webhook_entregas d join webhook_eventos e on e.id = d.evento_id
    where d.webhook_id = w.id and ${PRIMEIRA_DEVIDA}
    order by d.tentar_em, d.sequencia limit $4) d
  where w.desativado_por is null`;

/** The address is well again, if it was not. */
const ENTREGUES = `
  with bem as (
    update webhooks set falhas = 0, falhando_desde = null, pausado_ate = null
    where id = any(${lista(1, 'text')}) and falhas > 0)
  update webhook_entregas d
  set situacao = 'ENTREGUE', tentativas = d.tentativas + 1, ultima_em = t.em, status_http = t.status,
    duracao_ms = t.duracao, erro = t.erro, resposta = t.resposta
  from unnest(${lista(1, 'text')}, ${lista(2, 'text')}, ${lista(3, 'timestamptz')}, ${lista(4, 'int')},
    ${lista(5, 'int')}, ${lista(6, 'text')}, ${lista(7, 'text')}) as t (webhook_id, evento_id, em, status, duracao, erro, resposta)
  where d.webhook_id = t.webhook_id and d.evento_id = t.evento_id`;

const FALHOU = `
  update webhook_entregas
  set situacao = case when $8::timestamptz is null then 'DESISTIDA' else situacao end,
    tentar_em = coalesce($8, tentar_em), tentativas = tentativas + 1, ultima_em = $3, status_http = $4,
    duracao_ms = $5, erro = $6, resposta = $7
  where webhook_id = $1 and evento_id = $2 and situacao = 'PENDENTE'`;

const MAL = `
  update webhooks set falhas = falhas + 1, falhando_desde = coalesce(falhando_desde, $2),
    pausado_ate = coalesce($3, pausado_ate)
  where id = $1 and posse = $4`;

const DESATIVAR = `
  update webhooks set desativado_por = $3 where id = $1 and posse = $2 and desativado_por is null
  returning id as "webhookId", dono_id as "donoId", nome, url, falhando_desde as "falhandoDesde"`;

/** What came meanwhile, or was behind what was sent, is found here: whoever looked for it met the lease. */
const SOLTAR = `
  update webhooks w set posse = null, posse_ate = null
  from ${POSSES}
  where w.id = t.id and w.posse = t.posse
  returning w.id, w.desativado_por is null and coalesce(w.pausado_ate, '-infinity') <= $1
    and ${TEM_DEVIDA} as "temMais"`;

type Row = Omit<WebhookTomado, 'posse' | 'falhandoDesde' | 'chaveAnterior' | 'chaveAnteriorAte'> & {
  falhandoDesde: Date | null;
  chaveAnterior: Buffer | null;
  chaveAnteriorAte: Date | null;
};

/** What waits to be sent, in PostgreSQL: addresses are leased with SKIP LOCKED, so that two senders never have the same one. */
export class PostgresFilaDeEntregas implements FilaDeEntregas, FalhasDeEntrega {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async tomar(limite: number, agora: Date, ate: Date, quais?: readonly string[]): Promise<WebhookTomado[]> {
    const posse = randomUUID();
    const valores = [agora, limite, posse, ate];
    const rows: Row[] = await (quais === undefined
      ? this.#sql.query(TOMAR, valores)
      : this.#sql.query(TOMAR_ESTES, [...valores, quais]));
    return rows.map((row) => ({
      ...row,
      posse,
      falhandoDesde: row.falhandoDesde ?? undefined,
      chaveAnterior: row.chaveAnterior ?? undefined,
      chaveAnteriorAte: row.chaveAnteriorAte ?? undefined,
    }));
  }

  async devidas(
    webhooks: readonly WebhookTomado[],
    agora: Date,
    limite: number,
  ): Promise<ReadonlyMap<string, EntregaDevida[]>> {
    const linhas: (EntregaDevida & { webhookId: string })[] = await this.#sql.query(DEVIDAS, [
      ...[agora, ...posses(webhooks), limite],
    ]);
    return Map.groupBy(linhas, ({ webhookId }) => webhookId);
  }

  async marcarEntregues(entregues: readonly Entregue[]): Promise<void> {
    const linhas = entregues.map(({ webhook, entrega, tentativa }) => tentada(webhook, entrega, tentativa));
    const colunas = (linhas[0] ?? []).map((_, n) => linhas.map((linha) => linha[n]));
    await this.#sql.query(ENTREGUES, colunas);
  }

  async marcarFalha(
    webhook: WebhookTomado,
    entrega: EntregaDevida,
    tentativa: Tentativa,
    { repetirEm, pausarAte }: Pick<Consequencia, 'repetirEm' | 'pausarAte'>,
  ): Promise<void> {
    await this.#sql.query(FALHOU, [...tentada(webhook, entrega, tentativa), repetirEm ?? null]);
    const { id, posse } = webhook;
    await this.#sql.query(MAL, [id, tentativa.em, pausarAte ?? null, posse]);
  }

  async desativar({ id, posse }: WebhookTomado, motivo: Falha): Promise<WebhookDesativado | undefined> {
    const [linhas]: [WebhookDesativado[], number] = await this.#sql.query(DESATIVAR, [id, posse, motivo]);
    return linhas[0];
  }

  async soltar(webhooks: readonly WebhookTomado[], agora: Date): Promise<string[]> {
    const [linhas]: [{ id: string; temMais: boolean }[], number] = await this.#sql.query(SOLTAR, [
      ...[agora, ...posses(webhooks)],
    ]);
    return linhas.filter(({ temMais }) => temMais).map(({ id }) => id);
  }
}

const posses = (webhooks: readonly WebhookTomado[]) => [
  webhooks.map(({ id }) => id),
  webhooks.map(({ posse }) => posse),
];

function tentada({ id }: WebhookTomado, { eventoId }: EntregaDevida, tentativa: Tentativa): unknown[] {
  const { resultado, em, duracaoMs, erro, resposta } = tentativa;
  const status = resultado.tipo === 'RESPONDIDA' ? resultado.status : 0;
  return [id, eventoId, em, status, duracaoMs, keptError(erro), resposta];
}
