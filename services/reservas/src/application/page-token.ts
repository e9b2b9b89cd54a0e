import { readPageToken, writePageToken } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { Recusa } from '../domain/motivo.ts';
import type { Posicao } from './ports.ts';

export class PaginaInvalidaError extends Recusa {
  readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O pageToken não é desta lista. Comece da primeira página.');
  }
}

const PADRAO = 20;

/** Rows of a page when the caller named no number. */
export function tamanhoDaPagina(pedido: number): number {
  return pedido > 0 ? pedido : PADRAO;
}

/** An opaque token for a position. `lista` names the list with its filters: a token fits only where it was given. */
export const emToken: (lista: string, posicao: Posicao | undefined) => string = writePageToken;

/** The inverse of {@link emToken}; an empty token is the first page. */
export function deToken(lista: string, token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(lista, token);
  return lido ? Result.ok(lido.depoisDe) : Result.fail(new PaginaInvalidaError());
}
