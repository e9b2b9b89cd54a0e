import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { deriveKey, open } from '../../../services/auth/src/chaves/infrastructure/secret-box.ts';
import type { Platform } from '../platform/platform.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The key that auth signs with, taken out of its database as auth takes it: what is wrong with a token is then not its signature. */
export interface Chave {
  readonly kid: string;
  readonly privada: KeyObject;
}

export async function chaveDe(platform: Platform): Promise<Chave> {
  const [row] = await platform.query<{ kid: string; privada_cifrada: Buffer }>(
    'auth',
    `select kid, privada_cifrada from chaves_assinatura where estado = 'ATIVA'`,
  );
  if (row === undefined) throw new Error('auth has no key');
  const master = Buffer.from(platform.stack.secrets.masterKey, 'hex');
  const key = open(deriveKey(master, 'signing-keys'), row.privada_cifrada, row.kid);
  return { kid: row.kid, privada: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS with this header as it is. */
function jws(header: object, claims: Claims, signature: (input: Buffer) => Buffer): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString('base64url')}`;
}

const rs256 = (key: KeyObject) => (input: Buffer) => sign('sha256', input, key);

/** As auth would sign it. */
export function assinado({ kid, privada }: Chave, claims: Claims, typ = 'at+jwt'): string {
  return jws({ alg: 'RS256', typ, kid }, claims, rs256(privada));
}

/** A token with which this service calls that one. */
export function tokenDeServico(chave: Chave, modelo: Claims, servico: string, audiencia: string): string {
  const now = Math.floor(Date.now() / 1000);
  const { iss } = modelo;
  const life = { iat: now, nbf: now - 10, exp: now + 300 };
  return assinado(chave, { iss, aud: audiencia, sub: servico, tipo: 'servico', papeis: [], ...life });
}

/** What a token with a defect is made of. */
export interface Materia {
  readonly chave: Chave;
  /** Of somebody who may everything. */
  readonly bom: Claims;
  /** Address of keys that nobody may ask for. */
  readonly armadilha: string;
  readonly now: number;
}

const alheia = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...alheia.publicKey.export({ format: 'jwk' }), kid: 'minha', alg: 'RS256', use: 'sig' };

const deAlheia = (header: object, { bom }: Materia) =>
  jws({ alg: 'RS256', typ: 'at+jwt', ...header }, bom, rs256(alheia.privateKey));

/** Tokens that have one thing wrong. */
export const DEFEITOS: Readonly<Record<string, (materia: Materia) => string>> = {
  'that is none': () => 'abc',
  expired: ({ chave, bom, now }) =>
    assinado(chave, { ...bom, iat: now - 590, nbf: now - 600, exp: now - 60 }),
  'not yet valid': ({ chave, bom, now }) => assinado(chave, { ...bom, nbf: now + 300, exp: now + 590 }),
  'without an end': ({ chave, bom: { exp: _, ...semFim } }) => assinado(chave, semFim),
  'that lives longer than any of ours': ({ chave, bom, now }) =>
    assinado(chave, { ...bom, exp: now + 3_000 }),
  'for somebody else': ({ chave, bom }) => assinado(chave, { ...bom, aud: 'outra-plataforma' }),
  'of another issuer': ({ chave, bom }) => assinado(chave, { ...bom, iss: 'https://auth.exemplo.com' }),
  'of another type': ({ chave, bom }) => assinado(chave, bom, 'JWT'),
  'of another kind': ({ chave, bom }) => assinado(chave, { ...bom, tipo: 'renovacao' }),
  'without a signature': ({ chave: { kid }, bom }) =>
    jws({ alg: 'none', typ: 'at+jwt', kid }, bom, () => Buffer.alloc(0)),
  'signed with the public key as a secret': ({ chave: { kid, privada }, bom }) => {
    const publica = createPublicKey(privada).export({ type: 'spki', format: 'pem' });
    const hs256 = (input: Buffer) => createHmac('sha256', publica).update(input).digest();
    return jws({ alg: 'HS256', typ: 'at+jwt', kid }, bom, hs256);
  },
  'signed by a stranger under our key id': (materia) => deAlheia({ kid: materia.chave.kid }, materia),
  'with an unknown key id': (materia) => deAlheia({ kid: 'desconhecida' }, materia),
  'without a key id': (materia) => deAlheia({}, materia),
  'that brings its key': (materia) => deAlheia({ kid: 'minha', jwk }, materia),
  'that brings its key under our key id': (materia) => deAlheia({ kid: materia.chave.kid, jwk }, materia),
  'that says where its key is': (materia) => deAlheia({ kid: 'minha', jku: materia.armadilha }, materia),
  'that says where its certificate is': (materia) =>
    deAlheia({ kid: 'minha', x5u: materia.armadilha }, materia),
};
