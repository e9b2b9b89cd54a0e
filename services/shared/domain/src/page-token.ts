/** A place in a list that is sorted by something and then by id; both as text. */
export interface PagePosition {
  readonly ordem: string;
  readonly id: string;
}

/**
 * What comes after a position, as text; empty when nothing does. This is what a handler gives and gets: on its way to
 * the caller and back the runtime seals it and binds it to the list, its filter and the caller.
 */
export function writePageToken(posicao: PagePosition | undefined): string {
  return posicao ? JSON.stringify([posicao.ordem, posicao.id]) : '';
}

/**
 * The inverse of {@link writePageToken}: `{ depoisDe: undefined }`, the first page, for an empty text, and undefined for
 * one of another shape, such as an earlier release may have given.
 */
export function readPageToken(token: string): { readonly depoisDe: PagePosition | undefined } | undefined {
  if (token === '') return { depoisDe: undefined };
  const partes = parse(token);
  if (!Array.isArray(partes) || partes.length !== 2) return undefined;
  const [ordem, id] = partes;
  return typeof ordem === 'string' && typeof id === 'string' ? { depoisDe: { ordem, id } } : undefined;
}

const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The instant that a position is sorted by, exactly as `toISOString` writes it; undefined when it is none. A day that
 * does not exist is none, although `Date` would roll it on; so are years that no list has: not every database takes them.
 */
export function instantOf({ ordem }: PagePosition): Date | undefined {
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
