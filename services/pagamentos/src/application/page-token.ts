import { Result } from '@plataforma/domain/result';
import { PaginaInvalidaError } from './errors.ts';
import type { Posicao } from './ports.ts';

/** A row's place in a list by instant and identity, as a token. */
export function escreverToken({ em, id }: Posicao): string {
  return Buffer.from(`${em.getTime()} ${id}`).toString('base64url');
}

/** Undefined for the empty token of the first page. */
export function lerToken(token: string): Result<Posicao | undefined, PaginaInvalidaError> {
  if (token === '') return Result.ok(undefined);
  const [, ms, id] = /^(\d{1,15}) ([\w:.-]{1,200})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return ms === undefined || id === undefined
    ? Result.fail(new PaginaInvalidaError())
    : Result.ok({ em: new Date(Number(ms)), id });
}
