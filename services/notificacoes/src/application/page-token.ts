import { DomainError } from '@plataforma/domain/domain-error';
import { instantOf, readPageToken, writePageToken } from '@plataforma/domain/page-token';
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
  return writePageToken(lista(filtro), posicao && { ordem: posicao.criadaEm.toISOString(), id: posicao.id });
}

/** The inverse of {@link toPageToken}; an empty token is the first page. */
export function fromPageToken(
  filtro: FiltroNotificacoes,
  token: string,
): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(lista(filtro), token);
  if (!lido) return Result.fail(new PaginaInvalidaError());
  if (!lido.depoisDe) return Result.ok(undefined);
  const criadaEm = instantOf(lido.depoisDe);
  return criadaEm ? Result.ok({ criadaEm, id: lido.depoisDe.id }) : Result.fail(new PaginaInvalidaError());
}

function lista({ clienteId, reservaId }: FiltroNotificacoes): string {
  return `notificacoes:${clienteId}:${reservaId}`;
}
