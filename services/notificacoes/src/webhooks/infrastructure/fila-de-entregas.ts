import { randomUUID } from 'node:crypto';
import { keptError } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type {
  EntregaDevida,
  FalhasDeEntrega,
  FilaDeEntregas,
  Tentativa,
  WebhookDesativado,
  WebhookTomado,
} from '../application/ports.ts';
import type { Consequencia, Falha } from '../domain/politica-de-entrega.ts';

/** The delivery `d` waits, is due at $1, and nothing earlier of its aggregate waits. */
const PRIMEIRA_DEVIDA = `
  d.situacao = 'PENDENTE' and d.tentar_em <= $1 and not exists (
    select from webhook_entregas a
    where a.webhook_id = d.webhook_id and a.chave = d.chave and a.situacao = 'PENDENTE'
      and (a.versao, a.sequencia) < (d.versao, d.sequencia))`;

/** Goes from address to address along the index: what waits for one, however much, costs the others nothing. */
const TOMAR = `
  with recursive pendentes as (
    (select webhook_id from webhook_entregas where situacao = 'PENDENTE' order by webhook_id limit 1)
    union all
    select (
      select d.webhook_id from webhook_entregas d
      where d.situacao = 'PENDENTE' and d.webhook_id > p.webhook_id order by d.webhook_id limit 1)
    from pendentes p where p.webhook_id is not null
  ), livres as materialized (
    select w.id from pendentes p join webhooks w on w.id = p.webhook_id
    where w.desativado_por is null and coalesce(w.posse_ate, '-infinity') <= $1
      and coalesce(w.pausado_ate, '-infinity') <= $1
      and exists (select from webhook_entregas d where d.webhook_id = w.id and ${PRIMEIRA_DEVIDA})
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

const DEVIDAS = `
  select d.evento_id as "eventoId", e.tipo, e.corpo, d.tentativas, d.desde
  from webhook_entregas d join webhook_eventos e on e.id = d.evento_id
  where d.webhook_id = $2 and ${PRIMEIRA_DEVIDA}
    and exists (select from webhooks w where w.id = d.webhook_id and w.posse = $4 and w.desativado_por is null)
  order by d.tentar_em, d.sequencia limit $3`;

const TENTADA = `
  tentativas = tentativas + 1, ultima_em = $3, status_http = $4, duracao_ms = $5, erro = $6, resposta = $7`;

/** The address is well again, if it was not. */
const ENTREGUE = `
  with bem as (
    update webhooks set falhas = 0, falhando_desde = null, pausado_ate = null where id = $1 and falhas > 0)
  update webhook_entregas set situacao = 'ENTREGUE', ${TENTADA} where webhook_id = $1 and evento_id = $2`;

const FALHOU = `
  update webhook_entregas
  set situacao = case when $8::timestamptz is null then 'DESISTIDA' else situacao end,
    tentar_em = coalesce($8, tentar_em), ${TENTADA}
  where webhook_id = $1 and evento_id = $2 and situacao = 'PENDENTE'`;

const MAL = `
  update webhooks set falhas = falhas + 1, falhando_desde = coalesce(falhando_desde, $2),
    pausado_ate = coalesce($3, pausado_ate)
  where id = $1 and posse = $4`;

const DESATIVAR = `
  update webhooks set desativado_por = $3 where id = $1 and posse = $2 and desativado_por is null
  returning id as "webhookId", dono_id as "donoId", nome, url, falhando_desde as "falhandoDesde"`;

const SOLTAR = `update webhooks set posse = null, posse_ate = null where id = $1 and posse = $2`;

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

  async tomar(limite: number, agora: Date, ate: Date): Promise<WebhookTomado[]> {
    const posse = randomUUID();
    const rows: Row[] = await this.#sql.query(TOMAR, [agora, limite, posse, ate]);
    return rows.map((row) => ({
      ...row,
      posse,
      falhandoDesde: row.falhandoDesde ?? undefined,
      chaveAnterior: row.chaveAnterior ?? undefined,
      chaveAnteriorAte: row.chaveAnteriorAte ?? undefined,
    }));
  }

  devidas({ id, posse }: WebhookTomado, agora: Date, limite: number): Promise<EntregaDevida[]> {
    return this.#sql.query(DEVIDAS, [agora, id, limite, posse]);
  }

  async marcarEntregue(webhook: WebhookTomado, entrega: EntregaDevida, tentativa: Tentativa): Promise<void> {
    await this.#sql.query(ENTREGUE, tentada(webhook, entrega, tentativa));
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

  async soltar({ id, posse }: WebhookTomado): Promise<void> {
    await this.#sql.query(SOLTAR, [id, posse]);
  }
}

function tentada({ id }: WebhookTomado, { eventoId }: EntregaDevida, tentativa: Tentativa): unknown[] {
  const { resultado, em, duracaoMs, erro, resposta } = tentativa;
  const status = resultado.tipo === 'RESPONDIDA' ? resultado.status : 0;
  return [id, eventoId, em, status, duracaoMs, keptError(erro), resposta];
}
