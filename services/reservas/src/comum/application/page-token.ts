import { instantOf, readPageToken, writePageToken } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { Recusa } from '../domain/recusa.ts';

export class PaginaInvalidaError extends Recusa {
  readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O pageToken não é desta lista. Comece da primeira página.');
  }
}

/** A position in a list sorted by one text and the id. */
export interface Posicao {
  readonly ordem: string;
  readonly id: string;
}

/** One page; `proxima` is where the next one starts, undefined on the last. */
export interface Pagina<T> {
  readonly itens: readonly T[];
  readonly proxima: Posicao | undefined;
}

/** What a list answers. */
export interface Lista<T> {
  readonly itens: readonly T[];
  readonly nextPageToken: string;
}

const PADRAO = 20;

/** Rows of a page when the caller named no number. */
export function tamanhoDaPagina(pedido: number): number {
  return pedido > 0 ? pedido : PADRAO;
}

/** What comes after a position, as a token; empty when nothing does. */
export const emToken: (posicao: Posicao | undefined) => string = writePageToken;

/** The inverse of {@link emToken}; an empty token is the first page. */
export function deToken(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(token);
  return lido ? Result.ok(lido.depoisDe) : Result.fail(new PaginaInvalidaError());
}

/** {@link deToken} of a list that is sorted by an instant. */
export function deTokenPorInstante(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  return comOrdem(token, (posicao) => instantOf(posicao) !== undefined);
}

/** {@link deToken} of a list that is sorted by a whole number. */
export function deTokenPorNumero(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  return comOrdem(token, ({ ordem }) => /^\d{1,18}$/.test(ordem));
}

/** {@link deToken} of a list that is sorted by what a period costs in all and then by the hour. */
export function deTokenPorPrecos(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  return comOrdem(token, ({ ordem }) => /^\d{1,18}\.\d{1,18}$/.test(ordem));
}

function comOrdem(
  token: string,
  serve: (posicao: Posicao) => boolean,
): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = deToken(token);
  if (lido.isFailure || !lido.value || serve(lido.value)) return lido;
  return Result.fail(new PaginaInvalidaError());
}
