import {
  byInstant,
  fromPageToken,
  type Pagina,
  type PaginaInvalidaError,
  type Posicao,
  pageOf,
  pageSize as sizeOf,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { Alcance } from '../../pagamento/application/pagamentos-queries.ts';
import type { ConsultaDeTransacoes, FiltroTransacoes, TransacaoView } from './ports.ts';

export interface ListarTransacoesQuery extends FiltroTransacoes {
  /** 0: the default of 20. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

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
    const depoisDe = fromPageToken(pageToken, byInstant);
    if (depoisDe.isFailure) return depoisDe;
    const tamanho = sizeOf(pageSize);
    const achadas = await this.#consulta.listar(aoAlcance(filtro, alcance), depoisDe.value, tamanho + 1);
    return Result.ok(pageOf(achadas, tamanho, posicaoDe));
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
export function posicaoDe({ ocorridaEm, id }: TransacaoView): Posicao {
  return { ordem: ocorridaEm.toISOString(), id };
}

function aoAlcance(filtro: FiltroTransacoes, alcance: Alcance): FiltroTransacoes {
  return { ...filtro, ...(alcance === 'TODOS' ? {} : alcance) };
}
