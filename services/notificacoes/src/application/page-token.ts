import { DomainError } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import type { FiltroNotificacoes, Posicao } from './ports.ts';

export class PaginaInvalidaError extends DomainError {
  override readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O pageToken não é desta lista. Comece da primeira página.');
  }
}

/** An opaque token for what comes after a position. It fits only the list and the filter it was given for. */
export function toPageToken(filtro: FiltroNotificacoes, posicao: Posicao | undefined): string {
  if (posicao === undefined) return '';
  const partes = [filtro.clienteId, filtro.reservaId, posicao.criadaEm.getTime(), posicao.id];
  return Buffer.from(JSON.stringify(partes)).toString('base64url');
}

/** The inverse of {@link toPageToken}; an empty token is the first page. */
export function fromPageToken(
  filtro: FiltroNotificacoes,
  token: string,
): Result<Posicao | undefined, PaginaInvalidaError> {
  if (token === '') return Result.ok(undefined);
  const partes = parse(token);
  if (!Array.isArray(partes) || partes.length !== 4) return Result.fail(new PaginaInvalidaError());
  const [clienteId, reservaId, instante, id] = partes;
  const criadaEm = new Date(typeof instante === 'number' ? instante : Number.NaN);
  const cabe = clienteId === filtro.clienteId && reservaId === filtro.reservaId;
  if (!cabe || typeof id !== 'string' || Number.isNaN(criadaEm.getTime()))
    return Result.fail(new PaginaInvalidaError());
  return Result.ok({ criadaEm, id });
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
