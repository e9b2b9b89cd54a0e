import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Sql } from '@plataforma/runtime/transaction';
import type { CreditosDoPagamento } from '../../pagamento/application/ports.ts';
import type { MovimentoDeCredito } from '../../pagamento/domain/movimento-de-credito.ts';
import type { Cobranca } from '../../pagamento/domain/pagamento.ts';
import { escolherLotes, validadeDeVolta } from '../domain/credito.ts';
import { abrirLote, contaDoCliente, contaDoPagamento, lancar, RENOVADOS } from './lancamentos.ts';

const TRAVAR = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

const DISPONIVEIS = `
  select id, restante from creditos_lotes
  where cliente_id = $1 and expira_em > $2 and restante > 0
  order by expira_em, criado_em, id for update`;

// Taken last, given back first: that is what can be spent longest.
const RETIDOS = `
  select t.id, t.expira_em as "expiraEm", sum(l.centavos) as restante
  from creditos_lancamentos l join creditos_lotes t on t.id = l.lote
  where l.conta = $1 group by t.id having sum(l.centavos) > 0
  order by t.expira_em desc, t.criado_em desc, t.id desc`;

interface Lote {
  readonly id: string;
  readonly restante: bigint;
}

interface LoteRetido extends Lote {
  readonly expiraEm: Date;
}

/**
 * Credit that payments take from their customers and give back, within the transaction of their events. A
 * transaction that moves credit of a customer locks that customer before it writes anything, so none waits in a circle.
 */
export class PostgresCreditosDoPagamento implements CreditosDoPagamento {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async travar(clienteId: string): Promise<void> {
    await this.#sql.query(TRAVAR, [`creditos:cliente:${clienteId}`]);
  }

  async disponivel(clienteId: string, agora: Date): Promise<Dinheiro> {
    await this.travar(clienteId);
    const lotes = await this.#lotes<Lote>(DISPONIVEIS, [clienteId, agora]);
    return Dinheiro.deCentavos(lotes.reduce((soma, { restante }) => soma + restante, 0n));
  }

  async mover(cobranca: Cobranca, movimento: MovimentoDeCredito): Promise<void> {
    if (movimento.tipo === 'CREDITO_USADO') await this.#reter(cobranca, movimento);
    else await this.#devolver(cobranca, movimento);
  }

  async #reter({ id, clienteId }: Cobranca, { valor, em }: MovimentoDeCredito): Promise<void> {
    const lotes = await this.#lotes<Lote>(DISPONIVEIS, [clienteId, em]);
    const contas = { de: contaDoCliente(clienteId), para: contaDoPagamento(id) };
    for (const { lote, centavos } of exatamente(lotes, valor, id))
      await lancar(this.#sql, { transacao: `uso:${id}`, lote: lote.id, ...contas, centavos, em });
  }

  /** Of a closed charge it goes back as it was; of a refund it lives on long enough to be spent. */
  async #devolver({ id, clienteId }: Cobranca, { valor, estorno, em }: MovimentoDeCredito): Promise<void> {
    const retidos = await this.#lotes<LoteRetido>(RETIDOS, [contaDoPagamento(id)]);
    const transacao = estorno === undefined ? `devolucao:${id}` : `estorno:${id}:${estorno}`;
    const contas = { de: contaDoPagamento(id), para: contaDoCliente(clienteId) };
    for (const [i, { lote, centavos }] of exatamente(retidos, valor, id).entries()) {
      const expiraEm = estorno === undefined ? lote.expiraEm : validadeDeVolta(lote.expiraEm, em);
      const lancamento = { transacao, lote: lote.id, ...contas, centavos, em };
      if (expiraEm.getTime() === lote.expiraEm.getTime()) await lancar(this.#sql, lancamento);
      else {
        const novo = { id: `${transacao}:${i + 1}`, clienteId, centavos, criadoEm: em, expiraEm };
        await abrirLote(this.#sql, novo);
        await lancar(this.#sql, { ...lancamento, para: RENOVADOS });
        await lancar(this.#sql, { ...lancamento, lote: novo.id, de: RENOVADOS });
      }
    }
  }

  async #lotes<L extends Lote>(text: string, valores: unknown[]): Promise<L[]> {
    const rows: Array<{ restante: string }> = await this.#sql.query(text, valores);
    return rows.map((row) => ({ ...row, restante: BigInt(row.restante) })) as L[];
  }
}

function exatamente<L extends Lote>(lotes: readonly L[], valor: Dinheiro, pagamentoId: string) {
  const escolhas = escolherLotes(lotes, valor.centavos);
  const total = escolhas.reduce((soma, { centavos }) => soma + centavos, 0n);
  if (total === valor.centavos) return escolhas;
  throw new Error(`${pagamentoId} moves ${valor.centavos} cents of credit, the ledger has ${total}`);
}
