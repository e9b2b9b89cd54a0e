import type { Work } from '@plataforma/domain/work-queue';
import { autocommit } from '@plataforma/runtime/transaction';
import { delay } from '@plataforma/runtime/wait';
import { Counter, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** What grows by itself and is of no use any more. */
export type TabelaLimpa = 'cotacoes' | 'trabalhos_adiados';

/**
 * Quotes that have been over for a day; the database lets no others go, by its own clock. The newest one always stays:
 * where no mark says yet how far the counter of identities has come, it is found there.
 */
const COTACOES = `
  delete from cotacoes where id in (
    select id from cotacoes
    where criada_em < now() - interval '25 hours' and valida_ate <= now() - interval '1 day'
      and criada_em < (select max(criada_em) from cotacoes)
    order by criada_em limit $1 for update skip locked)`;

/** What fails is tried again within the hour: what no worker has tried for a day is not due any more. */
const TRABALHOS_ADIADOS = `
  delete from trabalhos_adiados where (item_id, trabalho) in (
    select item_id, trabalho from trabalhos_adiados where tentar_em < now() - interval '1 day'
    order by tentar_em limit $1 for update skip locked)`;

const APAGAR: Readonly<Record<TabelaLimpa, string>> = {
  cotacoes: COTACOES,
  trabalhos_adiados: TRABALHOS_ADIADOS,
};

const ENTRE_LOTES_MS = 100;

/** Deletes one batch in a transaction of its own; answers how many rows went. */
export async function limpar(dataSource: DataSource, tabela: TabelaLimpa, maximo: number): Promise<number> {
  const [, apagadas]: [unknown[], number] = await autocommit(dataSource).query(APAGAR[tabela], [maximo]);
  return apagadas;
}

/** Deletes what is over, each table by itself, and counts it. */
export function limpezas(dataSource: DataSource, registry: Registry): Readonly<Record<TabelaLimpa, Work>> {
  const apagadas = new Counter({
    name: 'reservas_limpeza_linhas_total',
    help: 'Rows deleted because no caller needs them any more, by table.',
    labelNames: ['tabela'],
    registers: [registry],
  });
  const limpeza =
    (tabela: TabelaLimpa): Work =>
    async (limite) => {
      const linhas = await limpar(dataSource, tabela, limite);
      apagadas.inc({ tabela }, linhas);
      // Between two batches the others have the database.
      if (linhas === limite) await delay(ENTRE_LOTES_MS);
      return linhas;
    };
  return { cotacoes: limpeza('cotacoes'), trabalhos_adiados: limpeza('trabalhos_adiados') };
}
