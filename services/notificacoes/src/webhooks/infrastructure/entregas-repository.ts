import { answersOf } from '@plataforma/domain/answers-of';
import type { Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import type { EntregasRepository, Repeticao } from '../application/ports.ts';
import { corpoDe, type EventoPublico } from '../domain/evento-publico.ts';
import type { Entrega, SituacaoEntrega } from '../domain/webhook.ts';

/** An event of a payment and the one that tells the space of its reservation come by different ways: neither misses the other. */
const TRAVAR = `select pg_advisory_xact_lock(hashtextextended('webhooks:reserva:' || $1, 0))`;

/** The first space stands. That more is heard of it is noted once a month: nearly every time nothing is written. */
const SITUAR = `
  with visto as (
    update webhook_reservas set visto_em = $3 where reserva_id = $1 and visto_em < $3::timestamptz - interval '30 days')
  insert into webhook_reservas (reserva_id, espaco_id, visto_em) values ($1, $2, $3) on conflict do nothing`;

const SITUAR_EVENTOS = `
  update webhook_eventos set espaco_id = $2 where reserva_id = $1 and espaco_id is null returning id`;

const GUARDAR = `
  insert into webhook_eventos
    (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
  values ($1, $2, $3, $4, $5, coalesce($6, (select espaco_id from webhook_reservas where reserva_id = $5)), $7, $8, $9)
  on conflict (id) do nothing`;

/** @param quais identities of addresses that want the event `e`, each once; $2 is now */
const espalhar = (quais: string, eventos = 'e.id = $1') => `
  insert into webhook_entregas (webhook_id, evento_id, chave, versao, tentar_em, desde, criada_em)
  select w.id, e.id, e.chave, e.versao, $2, $2, $2
  from webhook_eventos e cross join lateral (${quais}) w
  where ${eventos}
  order by w.id
  on conflict do nothing
  returning webhook_id as "paraQuem"`;

/** Two ways, each by an index of its own: one condition with `or` would read all addresses for each event. */
const quem = (onde: string) =>
  `select id from webhooks where ${onde} and desativado_por is null and e.tipo = any(tipos)`;
const QUEM_QUER_TODOS = quem("espacos = '{}'");
const QUEM_QUER_O_ESPACO = quem('espacos @> array[e.espaco_id]');

const ESPALHAR = espalhar(`${QUEM_QUER_TODOS} union all ${QUEM_QUER_O_ESPACO}`);
/** Those who want all spaces have been told. */
const ESPALHAR_SITUADOS = espalhar(QUEM_QUER_O_ESPACO, 'e.id = any($1)');
const ESPALHAR_PARA_UM = espalhar('select id from webhooks where id = $3');

const COLUNAS = `
  d.sequencia::text, d.evento_id as "eventoId", e.tipo, d.situacao, d.tentativas, d.criada_em as "criadoEm",
  d.ultima_em as "ultimaEm", case when d.situacao = 'PENDENTE' then d.tentar_em end as "proximaEm",
  d.status_http as "statusHttp", d.duracao_ms as "duracaoMs", d.erro, e.corpo, d.resposta`;

const UMA = `
  select ${COLUNAS} from webhook_entregas d join webhook_eventos e on e.id = d.evento_id
  where d.webhook_id = $1 and d.evento_id = $2`;

const PAGINA = `
  select ${COLUNAS} from webhook_entregas d join webhook_eventos e on e.id = d.evento_id
  where d.webhook_id = $1 and ($2::text is null or d.situacao = $2) and ($3::bigint is null or d.sequencia < $3)
  order by d.sequencia desc limit $4`;

const DE_NOVO = `situacao = 'PENDENTE', tentativas = 0, tentar_em = $3, desde = $3`;

const REPETIR = `update webhook_entregas set ${DE_NOVO} where webhook_id = $1 and evento_id = $2`;

/**
 * So many events from $2 on are looked at, wanted or not, and with the last one all of its instant: where it ends the next call
 * can begin. What waits already is not put behind.
 */
const REPETIR_PERIODO = `
  with vistos as materialized (
    select id, tipo, chave, versao, espaco_id, recebido_em, sequencia from webhook_eventos
    where recebido_em >= $2 and recebido_em < $4
    order by recebido_em fetch first $5 rows with ties
  ), repetidos as (
    insert into webhook_entregas as d (webhook_id, evento_id, chave, versao, tentar_em, desde, criada_em)
    select w.id, e.id, e.chave, e.versao, $3, $3, $3
    from webhooks w join vistos e
      on e.tipo = any(w.tipos) and (w.espacos = '{}' or e.espaco_id = any(w.espacos))
    where w.id = $1
    order by e.recebido_em, e.sequencia
    on conflict (webhook_id, evento_id) do update set ${DE_NOVO} where d.situacao <> 'PENDENTE'
    returning d.evento_id
  )
  select (select count(*)::int from repetidos) as quantos, (
    select recebido_em from webhook_eventos
    where recebido_em > (select max(recebido_em) from vistos) and recebido_em < $4
    order by recebido_em limit 1) as "continuarDe"`;

const VELHOS = `(
  select id, ctid from webhook_eventos where recebido_em < $1 order by recebido_em limit $2 for update skip locked)`;

/** Before their events: with one event all that it was told to would go at once, and that may be thousands. */
const ESQUECER_ENTREGAS = `
  delete from webhook_entregas where ctid = any(array(
    select d.ctid from ${VELHOS} e join webhook_entregas d on d.evento_id = e.id limit $2))`;

const ESQUECER = `
  delete from webhook_eventos where ctid = any(array(
    select e.ctid from ${VELHOS} e where not exists (select from webhook_entregas d where d.evento_id = e.id)))`;

const ESQUECER_RESERVAS = `
  delete from webhook_reservas where ctid = any(array(
    select ctid from webhook_reservas where visto_em < $1 order by visto_em limit $2 for update skip locked))`;

type Row = Omit<Entrega, 'ultimaEm' | 'proximaEm'> & { ultimaEm: Date | null; proximaEm: Date | null };

/** Events and their way to each address, in PostgreSQL. */
export class PostgresEntregasRepository implements EntregasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** All of it travels together. */
  async registrar(evento: EventoPublico, em: Date): Promise<string[]> {
    const [, , paraQuem] = await answersOf([
      this.#sql.query(TRAVAR, [evento.reservaId]),
      this.#guardar(evento, em),
      this.#espalhar(ESPALHAR, [evento.id, em]),
    ]);
    return paraQuem;
  }

  async situar(reservaId: string, espacoId: string, em: Date): Promise<string[]> {
    const [, , [eventos]] = await answersOf([
      this.#sql.query(TRAVAR, [reservaId]),
      this.#sql.query(SITUAR, [reservaId, espacoId, em]),
      this.#sql.query<[{ id: string }[], number]>(SITUAR_EVENTOS, [reservaId, espacoId]),
    ]);
    if (eventos.length === 0) return [];
    return this.#espalhar(ESPALHAR_SITUADOS, [eventos.map(({ id }) => id), em]);
  }

  async registrarPara(webhookId: string, evento: EventoPublico, em: Date): Promise<void> {
    await this.#guardar(evento, em);
    await this.#espalhar(ESPALHAR_PARA_UM, [evento.id, em, webhookId]);
  }

  async findById(webhookId: string, eventoId: string): Promise<Entrega | undefined> {
    const [row]: Row[] = await this.#sql.query(UMA, [webhookId, eventoId]);
    return row && entregaFrom(row);
  }

  async listar(
    { webhookId, situacao }: { readonly webhookId: string; readonly situacao: SituacaoEntrega | undefined },
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<Entrega[]> {
    const parametros = [webhookId, situacao ?? null, depoisDe?.ordem ?? null, maximo];
    const rows: Row[] = await this.#sql.query(PAGINA, parametros);
    return rows.map(entregaFrom);
  }

  async repetir(webhookId: string, eventoId: string, em: Date): Promise<boolean> {
    const [, quantas]: [unknown[], number] = await this.#sql.query(REPETIR, [webhookId, eventoId, em]);
    return quantas === 1;
  }

  async repetirPeriodo(
    webhookId: string,
    { de, ate }: { de: Date; ate: Date },
    em: Date,
    maximo: number,
  ): Promise<Repeticao> {
    const linhas: { quantos: number; continuarDe: Date | null }[] = await this.#sql.query(REPETIR_PERIODO, [
      ...[webhookId, de, em, ate, maximo],
    ]);
    const { quantos = 0, continuarDe } = linhas[0] ?? {};
    return { quantos, continuarDe: continuarDe ?? undefined };
  }

  async esquecer(antesDe: Date, limite: number): Promise<number> {
    const [, entregas]: [unknown[], number] = await this.#sql.query(ESQUECER_ENTREGAS, [antesDe, limite]);
    const [, eventos]: [unknown[], number] = await this.#sql.query(ESQUECER, [antesDe, limite]);
    return Math.max(entregas, eventos);
  }

  async esquecerReservas(antesDe: Date, limite: number): Promise<number> {
    const [, quantas]: [unknown[], number] = await this.#sql.query(ESQUECER_RESERVAS, [antesDe, limite]);
    return quantas;
  }

  async #guardar(evento: EventoPublico, em: Date): Promise<void> {
    const { id, tipo, chave, versao, reservaId, espacoId, ocorridoEm } = evento;
    const valores = [id, tipo, chave, versao, reservaId, espacoId ?? null, ocorridoEm, em, corpoDe(evento)];
    await this.#sql.query(GUARDAR, valores);
  }

  /** Answers which addresses have a delivery that they had not. */
  async #espalhar(text: string, values: unknown[]): Promise<string[]> {
    const linhas: { paraQuem: string }[] = await this.#sql.query(text, values);
    return linhas.map(({ paraQuem }) => paraQuem);
  }
}

function entregaFrom({ ultimaEm, proximaEm, ...row }: Row): Entrega {
  return { ...row, ultimaEm: ultimaEm ?? undefined, proximaEm: proximaEm ?? undefined };
}
