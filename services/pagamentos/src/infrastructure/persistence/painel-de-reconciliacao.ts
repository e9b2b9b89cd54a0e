import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type {
  ContasEmAberto,
  DesfechoDaReserva,
  PainelDeReconciliacao,
  RecorteDaReconciliacao,
} from '../../application/ports/reconciliacao.ts';

// Open charges come first, and what was looked at longest ago. Captured ones are followed for as long as they can be
// refunded or disputed, as a rule. Marked when taken, so that several replicas share the work.
const REIVINDICAR = `
  insert into reconciliacoes as r (pagamento_id, verificado_em)
  select p.id, $1 from pagamentos p left join reconciliacoes v on v.pagamento_id = p.id
  where p.criado_em < $2
    and (p.status = 'PENDENTE' and p.sessao_id is not null and (v.verificado_em is null or v.verificado_em < $3)
      or p.intencao_id is not null and p.aprovado_em > $1::timestamptz - interval '120 days' and (v.verificado_em is null or v.verificado_em < $4))
  order by p.status <> 'PENDENTE', v.verificado_em nulls first, p.criado_em limit 1
  on conflict (pagamento_id) do update set verificado_em = excluded.verificado_em
    where r.verificado_em < excluded.verificado_em
  returning pagamento_id as id`;

const REGISTRAR = `
  insert into desfechos_reserva (reserva_id, desfecho, ocorrido_em) values ($1, $2, $3)
  on conflict (reserva_id) do update set desfecho = excluded.desfecho, ocorrido_em = excluded.ocorrido_em
  where desfechos_reserva.desfecho = 'CONFIRMADA'`;

const SEM_RESERVA = `
  select id from pagamentos p
  where status = 'APROVADO' and aprovado_em < $1
    and not exists (select from desfechos_reserva d where d.reserva_id = p.reserva_id)
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

/** Tables `reconciliacoes` and `desfechos_reserva`. */
export class PostgresPainelDeReconciliacao implements PainelDeReconciliacao {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async reivindicar(recorte: RecorteDaReconciliacao): Promise<string | undefined> {
    const { agora, criadosAntesDe, abertosVistosAntesDe, pagosVistosAntesDe } = recorte;
    const valores = [agora, criadosAntesDe, abertosVistosAntesDe, pagosVistosAntesDe];
    return (await this.#ids(REIVINDICAR, valores))[0];
  }

  async soltar(pagamentoId: string): Promise<void> {
    await this.#dataSource.query('delete from reconciliacoes where pagamento_id = $1', [pagamentoId]);
  }

  async registrar(reservaId: string, desfecho: DesfechoDaReserva, em: Date): Promise<void> {
    await autocommit(this.#dataSource).query(REGISTRAR, [reservaId, desfecho, em]);
  }

  async contas(agora: Date): Promise<ContasEmAberto> {
    const antesDe = (prazo: number) => [new Date(agora.getTime() - prazo)];
    return {
      semReserva: await this.#ids(SEM_RESERVA, antesDe(PRAZO_DA_RESERVA_MS)),
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
