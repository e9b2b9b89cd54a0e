import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

const LIFETIME_S = 600;

/** Who a token speaks for, and what may be wrong with it. */
export interface TestTokenOptions {
  readonly sub: string;
  /** Default: none. */
  readonly papeis?: readonly string[];
  /** Default: `acesso`, a person's token; `servico` is a service's. */
  readonly tipo?: 'acesso' | 'servico';
  readonly nome?: string;
  readonly email?: string;
  /** Session. */
  readonly sid?: string;
  /** Generation of the account's sessions. Default: not said. */
  readonly ger?: number;
  /** Default: the issuer's audience. */
  readonly audience?: string | readonly string[];
  /** Default: the issuer's name. */
  readonly issuer?: string;
  /** Lifetime from now; negative for a token that has expired. Default: 600, the most that is accepted. */
  readonly expiresInSeconds?: number;
  /** JOSE `typ`. Default: `at+jwt`. */
  readonly typ?: string;
  /** Signed by a stranger's key under the issuer's key id. */
  readonly forged?: boolean;
}

/** Stands for the auth service towards everything that verifies tokens. */
export interface TestIssuer {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly kid: string;
  token(options: TestTokenOptions): Promise<string>;
  /** A person's token with these claims and no others but issuer and audience, right or wrong. */
  sign(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

/** Starts an HTTP server on 127.0.0.1 that publishes one RS256 key, and signs access tokens (RFC 9068) with it. */
export async function createTestIssuer({
  issuer = 'https://auth.test',
  audience = 'plataforma',
}: {
  issuer?: string;
  audience?: string;
} = {}): Promise<TestIssuer> {
  const [own, strange] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const kid = 'chave-de-teste';
  const jwk = { ...(await exportJWK(own.publicKey)), kid, alg: 'RS256', use: 'sig' };
  const server = await publish({ keys: [jwk] });
  return {
    ...server,
    issuer,
    audience,
    kid,
    token: (options) => {
      const key = options.forged ? strange.privateKey : own.privateKey;
      return sign({ issuer, audience, ...options }, kid, key);
    },
    sign: (claims) =>
      new SignJWT({ iss: issuer, aud: audience, tipo: 'acesso', ...claims })
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
        .sign(own.privateKey),
  };
}

type SigningKey = Parameters<SignJWT['sign']>[0];
type CompleteOptions = TestTokenOptions & Required<Pick<TestTokenOptions, 'issuer' | 'audience'>>;

function sign(options: CompleteOptions, kid: string, key: SigningKey): Promise<string> {
  const { sub, papeis = [], tipo = 'acesso', nome, email, sid, ger, audience, issuer } = options;
  const now = Math.floor(Date.now() / 1000);
  const expires = now + (options.expiresInSeconds ?? LIFETIME_S);
  const issuedAt = Math.min(now, expires - LIFETIME_S);
  return new SignJWT({ papeis, tipo, nome, email, sid, ger })
    .setProtectedHeader({ alg: 'RS256', kid, typ: options.typ ?? 'at+jwt' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(typeof audience === 'string' ? audience : [...audience])
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(expires)
    .sign(key);
}

async function publish(jwks: object): Promise<Pick<TestIssuer, 'jwksUrl' | 'close'>> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`, close };
}
