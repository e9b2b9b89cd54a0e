import { instantOf, readPageToken, writePageToken } from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { PaginaInvalidaError } from '../domain/recusa.ts';

/** Place of a row in a list ordered from the newest to the oldest. */
export interface Posicao {
  readonly em: Date;
  readonly id: string;
}

/** What comes after a row of a list by instant, as a token; empty when nothing does. */
export function escreverToken(posicao: Posicao | undefined): string {
  return writePageToken(posicao && { ordem: posicao.em.toISOString(), id: posicao.id });
}

/** Undefined for the empty token of the first page. */
export function lerToken(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  const lido = readPageToken(token);
  if (!lido) return Result.fail(new PaginaInvalidaError());
  if (!lido.depoisDe) return Result.ok(undefined);
  const em = instantOf(lido.depoisDe);
  return em ? Result.ok({ em, id: lido.depoisDe.id }) : Result.fail(new PaginaInvalidaError());
}
