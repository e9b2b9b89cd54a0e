import { IdRepetidoError } from '@plataforma/domain/id';
import type { Posicao } from '@plataforma/domain/page-token';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type {
  ChavesSeladas,
  Dono,
  SeladoPor,
  WebhookNovo,
  WebhooksRepository,
} from '../application/ports.ts';
import type { DesativadoPor, Inscricao, Webhook } from '../domain/webhook.ts';

const COLUNAS = `
  id, dono_id as "donoId", nome, url, tipos, espacos as "espacoIds", assinatura,
  chave_anterior_ate as "chaveAnteriorAte", desativado_por as "desativadoPor", falhando_desde as "falhandoDesde",
  criado_em as "criadoEm"`;

/** One at a time per owner, so that the count stays true, and who has just lost their right has lost it. */
const TRAVAR = `select pg_advisory_xact_lock(hashtextextended('webhooks:dono:' || $1, 0))`;

const DONO = `
  select (select count(*)::int from webhooks where dono_id = $1) as quantos,
    exists (select from webhook_donos_sem_acesso where dono_id = $1)
      or exists (select from contatos where usuario_id = $1 and removido_em is not null) as "semAcesso"`;

const INSERIR = `
  insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, selo, criado_em)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

const UM = `select ${COLUNAS}, chave, chave_anterior as "chaveAnterior" from webhooks where id = $1 and apagado_em is null`;

const PAGINA = `
  select ${COLUNAS} from webhooks
  where apagado_em is null and ($1::timestamptz is null or (criado_em, id) < ($1, $2))
    and ($4::boolean is null or (desativado_por is null) = $4)
  order by criado_em desc, id desc limit $3`;

/** Another address has not failed yet. */
const ATUALIZAR = `
  update webhooks set nome = $2, url = $3, tipos = $4, espacos = $5,
    falhas = case when url = $3 then falhas else 0 end,
    falhando_desde = case when url = $3 then falhando_desde end,
    pausado_ate = case when url = $3 then pausado_ate end
  where id = $1 and apagado_em is null`;

const TROCAR = `
  update webhooks set chave = $2, selo = $3, chave_anterior = chave, selo_anterior = selo, chave_anterior_ate = $4
  where id = $1 and apagado_em is null`;

const ATIVAR = `
  update webhooks set desativado_por = null, falhas = 0, falhando_desde = null, pausado_ate = null
  where id = $1 and apagado_em is null`;

const DESATIVAR = `
  update webhooks set desativado_por = coalesce(desativado_por, $2) where id = $1 and apagado_em is null`;

/**
 * Nothing of it is left but what its deliveries hang on. These may be hundreds of thousands, and go some at a time: no call
 * waits for them.
 */
const apagar = (onde: string) => `
  update webhooks set apagado_em = now(), desativado_por = coalesce(desativado_por, 'PEDIDO'), dono_id = '', nome = '', url = '',
    espacos = '{}', chave = '', selo = null, chave_anterior = null, chave_anterior_ate = null, selo_anterior = null
  where ${onde} and apagado_em is null`;
const APAGAR = apagar('id = $1');
const APAGAR_DO_DONO = apagar('dono_id = $1');

const ESQUECER_ENTREGAS = `
  delete from webhook_entregas where ctid = any(array(
    select d.ctid from webhooks w join webhook_entregas d on d.webhook_id = w.id
    where w.apagado_em is not null limit $1))`;

const ESQUECER_APAGADOS = `
  delete from webhooks w
  where w.apagado_em is not null and not exists (select from webhook_entregas d where d.webhook_id = w.id)`;

const SEM_ACESSO = `
  insert into webhook_donos_sem_acesso (dono_id, desde) values ($1, $2)
  on conflict (dono_id) do update set desde = excluded.desde`;

const DESATIVAR_DO_DONO = `
  update webhooks set desativado_por = 'DONO_SEM_ACESSO' where dono_id = $1 and desativado_por is null`;

const POR_SELAR = `
  apagado_em is null and (selo is distinct from $1 or chave_anterior is not null and selo_anterior is distinct from $1) and id <> all($2)`;

const SELAR = `
  select id, chave, chave_anterior as "chaveAnterior" from webhooks
  where ${POR_SELAR} order by id limit $3 for update skip locked`;

const SELADA = `
  update webhooks set chave = $2, chave_anterior = $3, selo = $4, selo_anterior = case when $3::bytea is not null then $4 end
  where id = $1`;

const ESQUECER_ANTERIORES = `
  update webhooks set chave_anterior = null, chave_anterior_ate = null, selo_anterior = null
  where chave_anterior_ate <= $1`;

type Row = { readonly [K in keyof Webhook]: Exclude<Webhook[K], undefined> | null };
type RowComChaves = Row & {
  readonly id: string;
  readonly chave: Buffer;
  readonly chaveAnterior: Buffer | null;
};

/** Addresses in PostgreSQL. */
export class PostgresWebhooksRepository implements WebhooksRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async travarDono(donoId: string): Promise<Dono> {
    // A removal under way is waited for, and one that comes next finds what this has written.
    await this.#sql.query(TRAVAR_CONTATO, [donoId]);
    await this.#sql.query(TRAVAR, [donoId]);
    const [dono]: Dono[] = await this.#sql.query(DONO, [donoId]);
    return dono ?? { quantos: 0, semAcesso: true };
  }

  async add({ id, donoId, nome, url, tipos, espacoIds, assinatura, chave, selo, criadoEm }: WebhookNovo) {
    const valores = [id, donoId, nome, url, tipos, espacoIds, assinatura, chave, selo, criadoEm];
    try {
      await this.#sql.query(INSERIR, valores);
    } catch (error) {
      if (!isUniqueViolation(error, 'webhooks_pkey')) throw error;
      throw new IdRepetidoError(`${id} is taken`, { cause: error });
    }
  }

  async findById(id: string): Promise<(Webhook & ChavesSeladas) | undefined> {
    const [row]: RowComChaves[] = await this.#sql.query(UM, [id]);
    return row && { ...webhookFrom(row), chave: row.chave, chaveAnterior: row.chaveAnterior ?? undefined };
  }

  async listar(
    ativos: boolean | undefined,
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<Webhook[]> {
    const parametros = [depoisDe?.ordem ?? null, depoisDe?.id ?? null, maximo, ativos ?? null];
    const rows: Row[] = await this.#sql.query(PAGINA, parametros);
    return rows.map(webhookFrom);
  }

  atualizar(id: string, { nome, url, tipos, espacoIds }: Inscricao): Promise<boolean> {
    return this.#mudou(ATUALIZAR, [id, nome, url, tipos, espacoIds]);
  }

  trocarChave(id: string, { chave, selo }: { chave: Buffer; selo: string }, ate: Date): Promise<boolean> {
    return this.#mudou(TROCAR, [id, chave, selo, ate]);
  }

  ativar(id: string): Promise<boolean> {
    return this.#mudou(ATIVAR, [id]);
  }

  desativar(id: string, motivo: DesativadoPor): Promise<boolean> {
    return this.#mudou(DESATIVAR, [id, motivo]);
  }

  apagar(id: string): Promise<boolean> {
    return this.#mudou(APAGAR, [id]);
  }

  async esquecerApagados(limite: number): Promise<number> {
    const [, entregas]: [unknown[], number] = await this.#sql.query(ESQUECER_ENTREGAS, [limite]);
    await this.#sql.query(ESQUECER_APAGADOS);
    return entregas;
  }

  async semAcesso(donoId: string, em: Date): Promise<void> {
    await this.#sql.query(TRAVAR, [donoId]);
    await this.#sql.query(SEM_ACESSO, [donoId, em]);
    await this.#sql.query(DESATIVAR_DO_DONO, [donoId]);
  }

  async comAcesso(donoId: string): Promise<void> {
    await this.#sql.query(TRAVAR, [donoId]);
    await this.#sql.query('delete from webhook_donos_sem_acesso where dono_id = $1', [donoId]);
  }

  async esquecerSemAcesso(antesDe: Date): Promise<void> {
    await this.#sql.query('delete from webhook_donos_sem_acesso where desde < $1', [antesDe]);
  }

  /** Of somebody who is gone; answers how many. */
  async apagarDoDono(donoId: string): Promise<number> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(APAGAR_DO_DONO, [donoId]);
    return quantos;
  }

  async porSelar(selo: string, menos: readonly string[], limite: number): Promise<SeladoPor[]> {
    const rows: RowComChaves[] = await this.#sql.query(SELAR, [selo, menos, limite]);
    return rows.map(({ id, chave, chaveAnterior }) => ({
      ...{ id, chave },
      chaveAnterior: chaveAnterior ?? undefined,
    }));
  }

  async guardarSeladas(
    id: string,
    { chave, chaveAnterior }: Omit<ChavesSeladas, 'chaveAnteriorAte'>,
    selo: string,
  ): Promise<void> {
    await this.#sql.query(SELADA, [id, chave, chaveAnterior ?? null, selo]);
  }

  async porSelarDesde(selo: string, menos: readonly string[]): Promise<Date | undefined> {
    const desde = `select min(criado_em) as desde from webhooks where ${POR_SELAR}`;
    const [row]: { desde: Date | null }[] = await this.#sql.query(desde, [selo, menos]);
    return row?.desde ?? undefined;
  }

  async esquecerAnteriores(agora: Date): Promise<void> {
    await this.#sql.query(ESQUECER_ANTERIORES, [agora]);
  }

  async #mudou(text: string, values: unknown[]): Promise<boolean> {
    const [, quantos]: [unknown[], number] = await this.#sql.query(text, values);
    return quantos === 1;
  }
}

function webhookFrom({ id, donoId, nome, url, tipos, espacoIds, assinatura, ...row }: Row): Webhook {
  return {
    ...({ id, donoId, nome, url, tipos, espacoIds, assinatura } as Webhook),
    chaveAnteriorAte: row.chaveAnteriorAte ?? undefined,
    desativadoPor: row.desativadoPor ?? undefined,
    falhandoDesde: row.falhandoDesde ?? undefined,
    criadoEm: row.criadoEm as Date,
  };
}
