import type { Pagina, Posicao } from '../application/page-token.ts';

/** One row more than the page was asked for: it only tells that there is a next page. */
export function pagina<T>(rows: T[], tamanho: number, posicao: (row: T) => Posicao): Pagina<T> {
  const itens = rows.slice(0, tamanho);
  const ultimo = itens.at(-1);
  return { itens, proxima: rows.length > tamanho && ultimo ? posicao(ultimo) : undefined };
}
