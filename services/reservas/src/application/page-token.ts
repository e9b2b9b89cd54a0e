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
export function emToken(lista: string, posicao: Posicao | undefined): string {
  if (!posicao) return '';
  return Buffer.from(JSON.stringify([lista, posicao.ordem, posicao.id])).toString('base64url');
}

/** The inverse of {@link emToken}; an empty token is the first page. */
export function deToken(lista: string, token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  if (token === '') return Result.ok(undefined);
  const partes = lerToken(token);
  if (!Array.isArray(partes) || partes[0] !== lista) return Result.fail(new PaginaInvalidaError());
  const [, ordem, id] = partes;
  if (typeof ordem !== 'string' || typeof id !== 'string') return Result.fail(new PaginaInvalidaError());
  return Result.ok({ ordem, id });
}

function lerToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
