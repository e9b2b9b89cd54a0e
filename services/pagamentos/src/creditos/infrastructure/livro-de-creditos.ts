import { Dinheiro } from '@plataforma/domain/dinheiro';
import { inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { LivroDeCreditos, LoteView } from '../application/ports.ts';
import { validadeDoCredito } from '../domain/credito.ts';
import {
  abrirLote,
  BONUS,
  contaDoCliente,
  EXPIRADOS,
  lancar,
  listarEntreOsMovimentos,
} from './lancamentos.ts';

const LOTES = `
  select restante, criado_em as "concedidoEm", expira_em as "expiraEm" from creditos_lotes
  where cliente_id = $1 and expira_em > $2 and restante > 0
  order by expira_em, criado_em, id`;

const VENCIDOS =
  'select id from creditos_lotes where restante > 0 and expira_em <= $1 order by expira_em limit 100';

// A lot that got credit back after it had expired expires again.
const VENCIDO = `
  select id, cliente_id as "clienteId", restante,
    (select count(*)::int from creditos_lancamentos where lote = creditos_lotes.id and conta = '${EXPIRADOS}') as vezes
  from creditos_lotes
  where id = $2 and restante > 0 and expira_em <= $1 for update skip locked`;

interface Vencido {
  readonly id: string;
  readonly clienteId: string;
  readonly restante: string;
  readonly vezes: number;
}

/** Tables `creditos_lotes` and `creditos_lancamentos`, as far as no payment is concerned. */
export class PostgresLivroDeCreditos implements LivroDeCreditos {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  conceder(clienteId: string, valor: Dinheiro, motivo: string, em: Date): Promise<boolean> {
    const { centavos } = valor;
    return inRepeatableTransaction(this.#dataSource, async (sql) => {
      const lote = { id: motivo, clienteId, centavos, criadoEm: em, expiraEm: validadeDoCredito(em) };
      if (!(await abrirLote(sql, lote))) return false;
      const para = contaDoCliente(clienteId);
      await lancar(sql, { transacao: motivo, lote: motivo, de: BONUS, para, centavos, em });
      await listarEntreOsMovimentos(sql, motivo);
      return true;
    });
  }

  async lotes(clienteId: string, agora: Date): Promise<readonly LoteView[]> {
    const rows: Array<{ restante: string; concedidoEm: Date; expiraEm: Date }> = await this.#dataSource.query(
      LOTES,
      [clienteId, agora],
    );
    return rows.map(({ restante, ...datas }) => ({
      ...datas,
      restante: Dinheiro.deCentavos(BigInt(restante)),
    }));
  }

  async expirar(agora: Date): Promise<number> {
    const ids: Array<{ id: string }> = await this.#dataSource.query(VENCIDOS, [agora]);
    const falhas: unknown[] = [];
    let expirados = 0;
    for (const { id } of ids) {
      try {
        if (await this.#expirarLote(id, agora)) expirados += 1;
      } catch (error) {
        falhas.push(error);
      }
    }
    if (falhas.length > 0)
      throw new AggregateError(falhas, `${falhas.length} of ${ids.length} lots of credit did not expire`);
    return expirados;
  }

  #expirarLote(id: string, agora: Date): Promise<boolean> {
    return inRepeatableTransaction(this.#dataSource, async (sql) => {
      const [vencido]: Vencido[] = await sql.query(VENCIDO, [agora, id]);
      if (vencido) await expirarLote(sql, vencido, agora);
      return vencido !== undefined;
    });
  }
}

async function expirarLote(sql: Sql, vencido: Vencido, em: Date): Promise<void> {
  const { id: lote, clienteId, restante, vezes } = vencido;
  const transacao = vezes === 0 ? `expiracao:${lote}` : `expiracao:${lote}:${vezes + 1}`;
  const contas = { de: contaDoCliente(clienteId), para: EXPIRADOS };
  await lancar(sql, { transacao, lote, ...contas, centavos: BigInt(restante), em });
  await listarEntreOsMovimentos(sql, transacao);
}
