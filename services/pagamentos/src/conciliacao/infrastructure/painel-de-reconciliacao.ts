import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { ContasEmAberto, PagamentoAproveitado, PainelDeReconciliacao } from '../application/ports.ts';

// Open and captured ones in turns, each by how long they have been due, so neither kind starves the other. Marked when
// taken, so that several replicas share the work.
const REIVINDICAR = `
  with abertas as (
    select id, verificar_em from pagamentos
    where status = 'PENDENTE' and sessao_id is not null and verificar_em <= $1
    order by verificar_em limit $3 for no key update skip locked),
  pagas as (
    select id, verificar_em from pagamentos where intencao_id is not null and verificar_em <= $1
    order by verificar_em limit $3 for no key update skip locked),
  vez as (
    select id, row_number() over (order by verificar_em) as vez from abertas
    union all select id, row_number() over (order by verificar_em) from pagas
    order by vez limit $3)
  update pagamentos p set verificar_em = $2 from vez where p.id = vez.id returning p.id`;

const COMPARADOS = `
  update pagamentos set verificar_em = case when aprovado_em > $3 then $2::timestamptz end
  where id = any($1) and intencao_id is not null`;

const SOLTAR = `update pagamentos set verificar_em = $2 where id = any($1)`;

const TODOS = `
  select id from pagamentos
  where id > $1 and (status = 'PENDENTE' and sessao_id is not null or intencao_id is not null)
  order by id limit $2`;

// The first outlives a rebuilding of the projections; the second keeps the list short.
const REGISTRAR = `
  with desfecho as (
    insert into desfechos_reserva (reserva_id, desfecho, pagamento_id, ocorrido_em) values ($1, 'CONFIRMADA', $2, $3)
    on conflict (reserva_id) do update set
      desfecho = excluded.desfecho, pagamento_id = excluded.pagamento_id, ocorrido_em = excluded.ocorrido_em)
  update pagamentos set aproveitado = true where id = $2 and not aproveitado`;

const SEM_RESERVA = `
  select id from pagamentos where status = 'APROVADO' and not aproveitado and aprovado_em < $1
  order by aprovado_em limit 1000`;

const ESTORNOS_ATRASADOS = `
  select pagamento_id || ':' || numero as id from estornos
  where situacao in ('SOLICITADO', 'PENDENTE') and solicitado_em < $1 order by solicitado_em limit 1000`;

const ENCERRAMENTOS_ATRASADOS = `
  select e.pagamento_id as id from encerramentos_pendentes e join pagamentos p on p.id = e.pagamento_id
  where p.atualizado_em < $1 limit 1000`;

const CREDITOS_DIVERGENTES = `
  select id from pagamentos p
  where creditos > 0 and atualizado_em > $1 and creditos_retidos <>
    (select coalesce(sum(centavos), 0) from creditos_lancamentos where conta = 'pagamento:' || p.id)
  order by atualizado_em limit 1000`;

const MINUTO_MS = 60_000;
/** A captured payment has its reservation confirmed, or is on its way back, within this time. */
const PRAZO_DA_RESERVA_MS = 5 * MINUTO_MS;
const PRAZO_DO_ENCERRAMENTO_MS = 5 * MINUTO_MS;
/** Cards are credited within minutes; pending for a day is worth a look. */
const PRAZO_DO_ESTORNO_MS = 24 * 60 * MINUTO_MS;
/** Older payments are compared by the verifier of the ledger. */
const CREDITOS_DESDE_MS = 24 * 60 * MINUTO_MS;

/** Table `desfechos_reserva`, and the columns of `pagamentos` that are no projection. */
export class PostgresPainelDeReconciliacao implements PainelDeReconciliacao {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async reivindicar(agora: Date, posseAte: Date, limite: number): Promise<readonly string[]> {
    const [rows]: [Array<{ id: string }>, number] = await this.#dataSource.query(REIVINDICAR, [
      agora,
      posseAte,
      limite,
    ]);
    return rows.map(({ id }) => id);
  }

  async comparados(ids: readonly string[], pagasEm: Date, seguidasDesde: Date): Promise<void> {
    await this.#dataSource.query(COMPARADOS, [ids, pagasEm, seguidasDesde]);
  }

  async soltar(ids: readonly string[], agora: Date): Promise<void> {
    await this.#dataSource.query(SOLTAR, [ids, agora]);
  }

  todos(depoisDe: string, limite: number): Promise<readonly string[]> {
    return this.#ids(TODOS, [depoisDe, limite]);
  }

  async registrar({ reservaId, pagamentoId }: PagamentoAproveitado, em: Date): Promise<void> {
    // A reservation without a price has none.
    if (pagamentoId === '') return;
    await autocommit(this.#dataSource).query(REGISTRAR, [reservaId, pagamentoId, em]);
  }

  semReserva(agora: Date): Promise<readonly string[]> {
    return this.#ids(SEM_RESERVA, [new Date(agora.getTime() - PRAZO_DA_RESERVA_MS)]);
  }

  async contas(agora: Date): Promise<ContasEmAberto> {
    const antesDe = (prazo: number) => [new Date(agora.getTime() - prazo)];
    return {
      semReserva: await this.semReserva(agora),
      estornosAtrasados: await this.#ids(ESTORNOS_ATRASADOS, antesDe(PRAZO_DO_ESTORNO_MS)),
      encerramentosAtrasados: await this.#ids(ENCERRAMENTOS_ATRASADOS, antesDe(PRAZO_DO_ENCERRAMENTO_MS)),
      creditosDivergentes: await this.#ids(CREDITOS_DIVERGENTES, antesDe(CREDITOS_DESDE_MS)),
    };
  }

  async #ids(sql: string, valores: unknown[]): Promise<readonly string[]> {
    const rows: Array<{ id: string }> = await this.#dataSource.query(sql, valores);
    return rows.map(({ id }) => id);
  }
}
