import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  type Posicao,
  pageOf,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import type { Alcance } from '../../pagamento/application/pagamentos-queries.ts';
import type { ConsultaDeTransacoes, FiltroTransacoes, TransacaoView } from './ports.ts';

export type ListarTransacoesQuery = FiltroTransacoes & PaginaPedida;

/** Rows of an export that are in memory at a time. */
const LOTE = 500;

/** Movements of money, newest first. */
export class TransacoesQueries {
  readonly #consulta: ConsultaDeTransacoes;

  constructor(consulta: ConsultaDeTransacoes) {
    this.#consulta = consulta;
  }

  async listar(
    { pageSize, pageToken, ...filtro }: ListarTransacoesQuery,
    alcance: Alcance,
  ): Promise<Result<Pagina<TransacaoView>, PaginaInvalidaError>> {
    return readPage({ pageSize, pageToken }, byInstant, posicaoDe, (maximo, depoisDe) =>
      this.#consulta.listar(aoAlcance(filtro, alcance), depoisDe, maximo),
    );
  }

  /** All that a filter lets through, batch by batch: no query outlives its batch. */
  async *exportar(filtro: FiltroTransacoes, alcance: Alcance): AsyncGenerator<readonly TransacaoView[]> {
    let depoisDe: Posicao | undefined;
    do {
      const achadas = await this.#consulta.listar(aoAlcance(filtro, alcance), depoisDe, LOTE + 1);
      const { itens, proxima } = pageOf(achadas, LOTE, posicaoDe);
      if (itens.length > 0) yield itens;
      depoisDe = proxima;
    } while (depoisDe);
  }
}

/** Where a movement stands in a list. */
export function posicaoDe({ ocorridoEm, id }: TransacaoView): Posicao {
  return { ordem: ocorridoEm.toISOString(), id };
}

function aoAlcance(filtro: FiltroTransacoes, alcance: Alcance): FiltroTransacoes {
  return { ...filtro, ...(alcance === 'TODOS' ? {} : alcance) };
}
