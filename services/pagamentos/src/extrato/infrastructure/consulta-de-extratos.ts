import { Dinheiro } from '@plataforma/domain/dinheiro';
import { pgCode } from '@plataforma/runtime/postgres';
import type { DataSource } from 'typeorm';
import type {
  ConsultaDeExtratos,
  MovimentosDoCliente,
  PedidoDeExtrato,
  PedidoDeTotais,
  Total,
  TotalPorPeriodo,
} from '../application/ports.ts';
import { type TransacaoRow, transacaoView } from './consulta-de-transacoes.ts';

/** Sums are text in the answer: they may exceed what a JavaScript number holds exactly. */
const SOMAR = `
  select tipo, moeda, count(*)::int as quantidade, sum(centavos)::text as centavos from transacoes
  where cliente_id = $1`;

const ANTES = `${SOMAR} and ocorrida_em < $2 group by tipo, moeda order by tipo`;

const NO_PERIODO = `${SOMAR} and ocorrida_em >= $2 and ocorrida_em < $3 group by tipo, moeda order by tipo`;

const ATE_A_PAGINA = `
  ${SOMAR} and ocorrida_em >= $2 and ocorrida_em < $3 and (ocorrida_em, id) <= ($4, $5)
  group by tipo, moeda order by tipo`;

const PAGINA = `
  select * from transacoes
  where cliente_id = $1 and ocorrida_em >= $2 and ocorrida_em < $3
    and ($4::timestamptz is null or (ocorrida_em, id) > ($4, $5::text))
  order by ocorrida_em, id limit $6`;

const TOTAIS = `
  with movimentos as (
    select tipo, moeda, centavos, date_trunc($3, ocorrida_em, $1) as inicio from transacoes
    where ocorrida_em >= $4 and ocorrida_em < $5
      and ($6::text is null or tipo = $6) and ($7::text is null or cliente_id = $7))
  select to_char(inicio at time zone $1, $2) as periodo, inicio, tipo, moeda,
    count(*)::int as quantidade, sum(centavos)::text as centavos
  from movimentos group by inicio, tipo, moeda order by inicio, tipo, moeda`;

const UNIDADES = {
  DIA: { unidade: 'day', formato: 'YYYY-MM-DD' },
  MES: { unidade: 'month', formato: 'YYYY-MM' },
};

const INVALID_PARAMETER_VALUE = '22023';

interface SomaRow {
  readonly tipo: Total['tipo'];
  readonly moeda: string;
  readonly quantidade: number;
  readonly centavos: string;
}

/** Sums over the table `transacoes`. */
export class PostgresConsultaDeExtratos implements ConsultaDeExtratos {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  movimentos(pedido: PedidoDeExtrato): Promise<MovimentosDoCliente> {
    const { clienteId, inicio, fim, depoisDe, limite } = pedido;
    const periodo = [clienteId, inicio, fim];
    // One snapshot: the balances fit the movements.
    return this.#dataSource.transaction('REPEATABLE READ', async (manager) => {
      const somas = async (sql: string, valores: unknown[]): Promise<Total[]> =>
        ((await manager.query(sql, valores)) as SomaRow[]).map(total);
      const pagina: TransacaoRow[] = await manager.query(PAGINA, [
        ...periodo,
        depoisDe?.ordem,
        depoisDe?.id,
        limite,
      ]);
      return {
        antes: await somas(ANTES, [clienteId, inicio]),
        ateAPagina: depoisDe ? await somas(ATE_A_PAGINA, [...periodo, depoisDe.ordem, depoisDe.id]) : [],
        pagina: pagina.map(transacaoView),
        noPeriodo: await somas(NO_PERIODO, periodo),
      };
    });
  }

  async totais(pedido: PedidoDeTotais): Promise<readonly TotalPorPeriodo[] | undefined> {
    const { inicio, fim, granularidade, fusoHorario, tipo, clienteId } = pedido;
    const { unidade, formato } = UNIDADES[granularidade];
    const valores = [fusoHorario, formato, unidade, inicio, fim, tipo, clienteId];
    if (!(await this.#fusoExiste(fusoHorario))) return undefined;
    const rows: Array<SomaRow & { periodo: string; inicio: Date }> = await this.#dataSource.query(
      TOTAIS,
      valores,
    );
    return rows.map((row) => ({ ...total(row), periodo: row.periodo, inicio: row.inicio }));
  }

  /** The server has zones of its own, older or newer. Asked apart, because a table without rows evaluates none. */
  async #fusoExiste(fusoHorario: string): Promise<boolean> {
    try {
      await this.#dataSource.query('select now() at time zone $1', [fusoHorario]);
      return true;
    } catch (error) {
      if (pgCode(error) === INVALID_PARAMETER_VALUE) return false;
      throw error;
    }
  }
}

function total({ tipo, quantidade, centavos, moeda }: SomaRow): Total {
  return { tipo, quantidade, valor: Dinheiro.deCentavos(BigInt(centavos), moeda) };
}
