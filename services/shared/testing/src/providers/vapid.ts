import { createPublicKey, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';

const DAY_S = 24 * 3_600;
const CONTACT = /^(?:mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/\S+)$/;

/** Whether a text is the public key that a web site has its subscriptions made with: a point of P-256 in base64url. */
export const isSiteKey = (text: string): boolean => keyOf(text) !== undefined;

/** The key that has signed an `authorization` (RFC 8292), if it has signed for this push service, and for no longer than a day. */
export async function signerOf(authorization: string, audience: string): Promise<string | undefined> {
  const { t = '', k = '' } = /^vapid t=(?<t>[\w.-]+), k=(?<k>[\w-]+)$/.exec(authorization)?.groups ?? {};
  const key = keyOf(k);
  if (key === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(t, key, { algorithms: ['ES256'], audience });
    const { exp = Number.POSITIVE_INFINITY, sub = '' } = payload;
    return exp <= Date.now() / 1_000 + DAY_S && CONTACT.test(sub) ? k : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where it is no point of the curve. */
function keyOf(text: string): KeyObject | undefined {
  const point = Buffer.from(text, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return undefined;
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
