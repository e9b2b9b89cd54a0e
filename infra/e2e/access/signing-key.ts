import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { deriveKey, open } from '../../../services/auth/src/selos/infrastructure/secret-box.ts';
import type { Platform } from '../platform/platform.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The key that auth signs with, taken out of its database as auth takes it: what is wrong with a token is then not its signature. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export async function signingKeyOf(platform: Platform): Promise<SigningKey> {
  const [row] = await platform.query<{ kid: string; privada_cifrada: Buffer }>(
    'auth',
    `select kid, privada_cifrada from chaves_assinatura where estado = 'ATIVA'`,
  );
  if (row === undefined) throw new Error('auth has no key');
  const master = Buffer.from(platform.stack.secrets.masterKey, 'hex');
  const key = open(deriveKey(master, 'signing-keys'), row.privada_cifrada, row.kid);
  return { kid: row.kid, privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS with this header as it is. */
function jws(header: object, claims: Claims, signature: (input: Buffer) => Buffer): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
}

const rs256 = (key: KeyObject) => (input: Buffer) => sign('sha256', input, key);

/** As auth would sign it. */
export function signed({ kid, privateKey }: SigningKey, claims: Claims, typ = 'at+jwt'): string {
  return jws({ alg: 'RS256', typ, kid }, claims, rs256(privateKey));
}

/** A token with which this service calls that one. */
export function serviceToken(key: SigningKey, template: Claims, servico: string, audience: string): string {
  const now = Math.floor(Date.now() / 1000);
  const { iss } = template;
  const life = { iat: now, nbf: now - 10, exp: now + 300 };
  return signed(key, { iss, aud: audience, sub: servico, tipo: 'servico', papeis: [], ...life });
}

/** What a token with a defect is made of. */
export interface Ingredients {
  readonly key: SigningKey;
  /** Of somebody who may everything. */
  readonly good: Claims;
  /** Address of keys that nobody may ask for. */
  readonly trap: string;
  readonly now: number;
}

const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...foreign.publicKey.export({ format: 'jwk' }), kid: 'mine', alg: 'RS256', use: 'sig' };

const signedByForeign = (header: object, { good }: Ingredients) =>
  jws({ alg: 'RS256', typ: 'at+jwt', ...header }, good, rs256(foreign.privateKey));

/** Tokens that have one thing wrong. */
export const DEFECTS: Readonly<Record<string, (ingredients: Ingredients) => string>> = {
  'that is none': () => 'abc',
  expired: ({ key, good, now }) => signed(key, { ...good, iat: now - 590, nbf: now - 600, exp: now - 60 }),
  'not yet valid': ({ key, good, now }) => signed(key, { ...good, nbf: now + 300, exp: now + 590 }),
  'without an end': ({ key, good: { exp: _, ...endless } }) => signed(key, endless),
  'that lives longer than any of ours': ({ key, good, now }) => signed(key, { ...good, exp: now + 3_000 }),
  'for somebody else': ({ key, good }) => signed(key, { ...good, aud: 'outra-plataforma' }),
  'of another issuer': ({ key, good }) => signed(key, { ...good, iss: 'https://auth.exemplo.com' }),
  'of another type': ({ key, good }) => signed(key, good, 'JWT'),
  'of another kind': ({ key, good }) => signed(key, { ...good, tipo: 'renovacao' }),
  'without a signature': ({ key: { kid }, good }) =>
    jws({ alg: 'none', typ: 'at+jwt', kid }, good, () => Buffer.alloc(0)),
  'signed with the public key as a secret': ({ key: { kid, privateKey }, good }) => {
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    const hs256 = (input: Buffer) => createHmac('sha256', publicKey).update(input).digest();
    return jws({ alg: 'HS256', typ: 'at+jwt', kid }, good, hs256);
  },
  'signed by a stranger under our key id': (ingredients) =>
    signedByForeign({ kid: ingredients.key.kid }, ingredients),
  'with an unknown key id': (ingredients) => signedByForeign({ kid: 'unknown' }, ingredients),
  'without a key id': (ingredients) => signedByForeign({}, ingredients),
  'that brings its key': (ingredients) => signedByForeign({ kid: 'mine', jwk }, ingredients),
  'that brings its key under our key id': (ingredients) =>
    signedByForeign({ kid: ingredients.key.kid, jwk }, ingredients),
  'that says where its key is': (ingredients) =>
    signedByForeign({ kid: 'mine', jku: ingredients.trap }, ingredients),
  'that says where its certificate is': (ingredients) =>
    signedByForeign({ kid: 'mine', x5u: ingredients.trap }, ingredients),
};
