/** A place in a list that is sorted by something and then by id; both as text. */
export interface PagePosition {
  readonly ordem: string;
  readonly id: string;
}

/**
 * An opaque token for what comes after a position; empty when nothing does.
 *
 * @param lista names the list with its filters: a token is taken only where it was given
 */
export function writePageToken(lista: string, posicao: PagePosition | undefined): string {
  if (!posicao) return '';
  return Buffer.from(JSON.stringify([lista, posicao.ordem, posicao.id])).toString('base64url');
}

/**
 * The inverse of {@link writePageToken}: `{ depoisDe: undefined }`, the first page, for an empty token, and undefined
 * for a token that was not given by this list. Nothing in a token is secret or signed: what it names is checked
 * against the caller's rights like any other request.
 */
export function readPageToken(
  lista: string,
  token: string,
): { readonly depoisDe: PagePosition | undefined } | undefined {
  if (token === '') return { depoisDe: undefined };
  const partes = parse(token);
  if (!Array.isArray(partes) || partes[0] !== lista) return undefined;
  const [, ordem, id] = partes;
  return typeof ordem === 'string' && typeof id === 'string' ? { depoisDe: { ordem, id } } : undefined;
}

const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * The instant that a position is sorted by, written as `toISOString` does; undefined when it is none. Years that no
 * list has are none either: not every database takes them.
 */
export function instantOf({ ordem }: PagePosition): Date | undefined {
  const instant = new Date(INSTANT.test(ordem) ? ordem : Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
