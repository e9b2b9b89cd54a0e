import { DomainError } from './domain-error.ts';
import { Result } from './result.ts';

/*
 * Lists are read page by page, by position and not by offset: a page is as fast as the first one, and no row is shown
 * twice or left out because others came or went in between. A handler reads the position of the caller's token, asks its
 * repository for one row more than the page has, and gives the position of the next page as a token. On its way to the
 * caller and back the runtime seals the token and binds it to the list, its filter and the caller.
 */

/** A place in a list that is sorted by something and then by id; both as text, as the query compares them. */
export interface Posicao {
  /** What the list is sorted by: an instant as `toISOString` writes it, a number, a name. */
  readonly ordem: string;
  readonly id: string;
}

/** The page that a caller asks for. */
export interface PaginaPedida {
  /** 0: as many as the list gives of itself. */
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly pageToken: string;
}

/** One page; `proxima` is where the next one starts, undefined on the last. */
export interface Pagina<T> {
  readonly itens: readonly T[];
  readonly proxima: Posicao | undefined;
}

/** The token is not one of this list; INVALID_ARGUMENT on the wire. */
export class PaginaInvalidaError extends DomainError {
  override readonly motivo = 'PAGINA_INVALIDA';

  constructor() {
    super('O pageToken não é desta lista. Comece da primeira página.');
  }
}

const DEFAULT_PAGE_SIZE = 20;

/** Rows of a page: as many as the caller asked for, 20 when that is 0. How many may be asked for is the contract's. */
export function pageSize(asked: number): number {
  return asked > 0 ? asked : DEFAULT_PAGE_SIZE;
}

/**
 * The page that rows in their order make.
 *
 * @param rows up to one more than `size`: the last one only tells that there is a next page
 */
export function pageOf<T>(rows: readonly T[], size: number, posicao: (row: T) => Posicao): Pagina<T> {
  const itens = rows.slice(0, size);
  const last = itens.at(-1);
  return { itens, proxima: rows.length > size && last !== undefined ? posicao(last) : undefined };
}

/**
 * One page of a list.
 *
 * @param order of the list, as {@link fromPageToken} takes it
 * @param rows reads the list from behind a position on, or from its start: as many rows as it is told, if there are as many
 * @returns PAGINA_INVALIDA as {@link fromPageToken} does, before anything is read
 */
export async function readPage<T>(
  { pageSize: asked, pageToken }: PaginaPedida,
  order: Order | undefined,
  posicao: (row: T) => Posicao,
  rows: (maximo: number, depoisDe: Posicao | undefined) => Promise<readonly T[]>,
): Promise<Result<Pagina<T>, PaginaInvalidaError>> {
  const depoisDe = fromPageToken(pageToken, order);
  if (depoisDe.isFailure) return depoisDe;
  const size = pageSize(asked);
  return Result.ok(pageOf(await rows(size + 1, depoisDe.value), size, posicao));
}

/** The token of what comes after a position; empty when nothing does. */
export function toPageToken(posicao: Posicao | undefined): string {
  return posicao ? JSON.stringify([posicao.ordem, posicao.id]) : '';
}

/** Whether a position can be one of a list: see {@link byInstant}, {@link byWholeNumber}. */
export type Order = (posicao: Posicao) => boolean;

/**
 * The inverse of {@link toPageToken}: undefined, the first page, for the empty token.
 *
 * @param order of the list; left out, any text will do
 * @returns PAGINA_INVALIDA for a token of another shape or order, such as an earlier release may have given
 */
export function fromPageToken(
  token: string,
  order: Order = () => true,
): Result<Posicao | undefined, PaginaInvalidaError> {
  if (token === '') return Result.ok(undefined);
  const parts = parse(token);
  if (!Array.isArray(parts) || parts.length !== 2) return Result.fail(new PaginaInvalidaError());
  const [ordem, id] = parts;
  const isText = typeof ordem === 'string' && typeof id === 'string';
  return isText && order({ ordem, id }) ? Result.ok({ ordem, id }) : Result.fail(new PaginaInvalidaError());
}

/** A list that is sorted by an instant. */
export const byInstant: Order = (posicao) => instantOf(posicao) !== undefined;

/** A list that is sorted by a whole number of up to 18 digits, which every database takes. */
export const byWholeNumber: Order = ({ ordem }) => /^\d{1,18}$/.test(ordem);

const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The instant that a position is sorted by, exactly as `toISOString` writes it; undefined when it is none. A day that
 * does not exist is none, although `Date` would roll it on; so are years that no list has: not every database takes them.
 */
export function instantOf({ ordem }: Posicao): Date | undefined {
  const instant = new Date(INSTANT.test(ordem) ? ordem : Number.NaN);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === ordem ? instant : undefined;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
