export interface DecodedToken {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** The token cannot be read; the message is the one that Kong shows. */
export class BadTokenError extends Error {}

const KNOWN_ALGORITHMS: ReadonlySet<unknown> = new Set([
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
]);

/**
 * Splits and decodes a token without verifying it. Only `alg` is looked at here, as in Kong: `typ` is free.
 *
 * @throws {BadTokenError}
 */
export function decodeToken(token: string): DecodedToken {
  const [head, body, rest] = splitInThree(token);
  const header = parsePart(head);
  const claims = parsePart(body);
  if (rest === undefined) throw new BadTokenError('invalid JSON');
  const signature = decodeBase64(rest);
  if (!KNOWN_ALGORITHMS.has(header.alg)) throw new BadTokenError('invalid alg');
  if (signature === undefined) throw new BadTokenError('invalid signature');
  return { header, claims, signingInput: `${head}.${body}`, signature };
}

/** What follows the second dot is all signature, further dots included. */
function splitInThree(token: string): [string, string | undefined, string | undefined] {
  const [head = '', body, ...rest] = token.split('.');
  return [head, body, rest.length > 0 ? rest.join('.') : undefined];
}

function parsePart(part: string | undefined): Record<string, unknown> {
  const bytes = part === undefined ? undefined : decodeBase64(part);
  if (bytes === undefined) throw new BadTokenError('invalid JSON');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new BadTokenError('invalid JSON', { cause });
  }
  // Lua looks up members of a text as well, and finds none.
  if (typeof value === 'string') return {};
  if (typeof value !== 'object' || value === null) throw new BadTokenError('invalid JSON');
  return value as Record<string, unknown>;
}

function decodeBase64(part: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(part) ? Buffer.from(part, 'base64url') : undefined;
}
