import { instantOf, readPageToken, writePageToken } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { PaginaInvalidaError } from '../domain/recusa.ts';
import type { Posicao } from './ports.ts';

/** What comes after a position, as a token; empty when nothing does. */
export function toPageToken(posicao: Posicao | undefined): string {
  return writePageToken(posicao && { ordem: posicao.criadaEm.toISOString(), id: posicao.id });
}

/** The inverse of {@link toPageToken}; an empty token is the first page. */
export function fromPageToken(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(token);
  if (!lido) return Result.fail(new PaginaInvalidaError());
  if (!lido.depoisDe) return Result.ok(undefined);
  const criadaEm = instantOf(lido.depoisDe);
  return criadaEm ? Result.ok({ criadaEm, id: lido.depoisDe.id }) : Result.fail(new PaginaInvalidaError());
}
