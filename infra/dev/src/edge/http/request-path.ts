import { isUtf8 } from 'node:buffer';
import type { ClientRequest } from './client-request.ts';

/** Percent-escapes of these characters stay escaped: decoding them would change what the path means. */
const RESERVED = new Set([...`!*'();:@&=+$,/?%#[]`].map((char) => char.charCodeAt(0)));

export class MalformedPathError extends Error {}

export interface RequestTarget {
  /** Path exactly as sent, without the query. */
  readonly rawPath: string;
  /** Path as Kong's router and plugins see it: unescaped, dot segments and double slashes removed. */
  readonly path: string;
  readonly rawQuery: string;
  /** The unescaped path is UTF-8: Kong's router finds no route for any other. */
  readonly isText: boolean;
}

interface NormalPath {
  readonly path: string;
  readonly isText: boolean;
}

/**
 * Splits and normalises the target of a request line as Kong does before routing.
 *
 * @throws {MalformedPathError} for a broken percent-escape, a NUL, a way above the root or a target that is not a path.
 */
export function parseTarget(request: Pick<ClientRequest, 'url'>): RequestTarget {
  const target = originForm(request.url);
  const question = target.indexOf('?');
  const rawPath = question < 0 ? target : target.slice(0, question);
  return {
    rawPath,
    ...normalizePath(rawPath),
    rawQuery: question < 0 ? '' : target.slice(question + 1),
  };
}

/** Normalises one path: unreserved escapes decoded, reserved ones upper-cased, dot segments resolved. */
export function normalizePath(rawPath: string): NormalPath {
  const bytes = Buffer.from(decodeUnreserved(rawPath), 'latin1');
  const decoded = bytes.toString('utf8');
  const isNormal = !decoded.includes('/.') && !decoded.includes('//');
  return { path: isNormal ? decoded : removeDotSegments(decoded), isText: isUtf8(bytes) };
}

/** The path as Kong sends it on to a service: what is neither reserved nor harmless is escaped again. */
export function escapePath(path: string): string {
  return path.replace(/[^!#$&'()*+,/:;=?@[\]A-Za-z0-9\-_.~%]+/g, (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(url);
  if (!absolute) throw new MalformedPathError('the request target is not a path');
  const rest = absolute[1] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** One character per byte: escapes of a multi-byte character only make sense together. */
function decodeUnreserved(rawPath: string): string {
  return rawPath.replace(/%(.{0,2})/g, (triplet, hex: string) => {
    if (!/^[0-9a-f]{2}$/i.test(hex)) throw new MalformedPathError('broken percent-escape');
    const code = Number.parseInt(hex, 16);
    if (code === 0) throw new MalformedPathError('NUL in the path');
    return RESERVED.has(code) ? triplet.toUpperCase() : String.fromCharCode(code);
  });
}

function removeDotSegments(path: string): string {
  const segments: string[] = [];
  const parts = path.split('/').slice(1);
  const endsInside = parts.at(-1) === '' || parts.at(-1) === '.' || parts.at(-1) === '..';
  for (const part of parts) {
    if (part === '..') {
      if (segments.pop() === undefined) throw new MalformedPathError('above the root');
    } else if (part !== '' && part !== '.') segments.push(part);
  }
  if (segments.length === 0) return '/';
  return `/${segments.join('/')}${endsInside ? '/' : ''}`;
}
